// What a command says: JSON for programs, words for people. One of the two goes to stdout, warnings go to stderr.
import { styleText } from "node:util";
import type { Io, Output } from "../io.js";
import { printableJson } from "./printable.js";

type Style = Parameters<typeof styleText>[0];

/** Writes a result as JSON where `--json` was given, else in words. */
export function print(io: Io, result: { readonly json: unknown; readonly text: string }, asJson: boolean): void {
  io.stdout.write(asJson ? `${printableJson(result.json)}\n` : endLine(result.text));
}

/** Writes a warning to stderr: what is worth a look, and changes no result. */
export function warn(io: Io, sentence: string): void {
  io.stderr.write(endLine(`${paint(io, "yellow", "warning:", io.stderr)} ${sentence}`));
}

/** Colours text for a terminal that takes it; elsewhere, and with NO_COLOR, it stays as it is. */
export function paint(io: Io, style: Style, text: string, output: Output = io.stdout): string {
  const colours = output.isTTY === true && !io.env["NO_COLOR"] && io.env["TERM"] !== "dumb";
  return colours ? styleText(style, text, { validateStream: false }) : text;
}

function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
