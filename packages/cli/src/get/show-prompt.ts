// Where a person is to confirm, and the code: words on stderr, so that stdout is the token's; a QR code on a terminal. RFC 8628 3.3.1.
import type { DevicePrompt } from "@scitokens/client";
import { renderUnicodeCompact } from "uqr";
import type { Io } from "../io.js";
import { paint } from "../output/print.js";
import { printable } from "../output/printable.js";
import { duration } from "../output/times.js";

/** Characters: a longer address makes a code that no terminal shows whole. */
const LONGEST_QR = 300;

export function showPrompt(io: Io, prompt: DevicePrompt): void {
  const { verificationUri, verificationUriComplete, userCode, expiresIn } = prompt;
  const lines = [
    `Open    ${bold(io, printable(verificationUri))}`,
    `Enter   ${bold(io, printable(userCode, 64))}`,
    ...(verificationUriComplete === undefined ? [] : [`or open ${printable(verificationUriComplete)}`]),
  ];
  io.stderr.write(`\n${lines.join("\n")}\n${qrCode(io, verificationUriComplete ?? verificationUri)}`);
  io.stderr.write(`\nWaiting for ${duration(expiresIn)} at most; Ctrl-C ends it.\n`);
}

/** A page to open, mostly without a code to type: how Vault logs people in. */
export function showPage(io: Io, page: string, userCode: string | undefined): void {
  const code = userCode === undefined ? "" : `Enter   ${bold(io, printable(userCode, 64))}\n`;
  io.stderr.write(`\nOpen    ${bold(io, printable(page, 2048))}\n${code}${qrCode(io, page)}`);
  io.stderr.write("\nWaiting for a login there; Ctrl-C ends it.\n");
}

function qrCode(io: Io, address: string): string {
  if (io.stderr.isTTY !== true || address.length > LONGEST_QR) return "";
  return `\n${renderUnicodeCompact(address, { border: 2 })}\n`;
}

const bold = (io: Io, text: string): string => paint(io, "bold", text, io.stderr);
