// Which token a command is about: a file, stdin, or what discovery finds. Never required in argv, where `ps` shows it.
import { existsSync } from "node:fs";
import type { AccessToken } from "@scitokens/client";
import { Trouble } from "../exit.js";
import type { Io } from "../io.js";
import { warn } from "../output/print.js";
import { printable } from "../output/printable.js";
import { readStdin, readTextFile } from "./read-text.js";

/** The text of a token, and where it is from. */
export type TokenText = Pick<AccessToken, "value" | "source">;

/** How a command was told of its token. */
export interface TokenInput {
  /** The argument: `-` for stdin, or the path of a file. */
  readonly token?: string | undefined;
  /** `--token-file`. */
  readonly tokenFile?: string | undefined;
}

/**
 * Gets the text that is to be a token, white space around it taken off; whether it is one is for others to say.
 * @throws {Trouble} when there is none, or it cannot be read
 */
export async function readToken(io: Io, { token, tokenFile }: TokenInput): Promise<TokenText> {
  if (token !== undefined && tokenFile !== undefined) {
    throw new Trouble("a token is given twice: as an argument and by --token-file; leave one out");
  }
  if (tokenFile !== undefined) return readFrom(io, tokenFile);
  if (token === undefined) return discover(io);
  if (token === "-" || existsSync(token)) return readFrom(io, token);
  if (!looksLikeToken(token)) throw new Trouble(`${printable(token, 120)}: there is no such file`);
  warn(io, "a token among the arguments is seen by every user of this machine (ps) and kept in the shell's history");
  return { value: strip(token), source: "the argument" };
}

async function readFrom(io: Io, place: string): Promise<TokenText> {
  const fromStdin = place === "-";
  const text = strip(
    fromStdin ? await readStdin(io, "paste the token, then press Ctrl-D") : await readTextFile(io, place),
  );
  const source = fromStdin ? "stdin" : `the file ${printable(place)}`;
  if (text === "") throw new Trouble(`${source} is empty: expected a token`);
  return { value: insideJson(text) ?? text, source };
}

/**
 * WLCG Bearer Token Discovery; then the places of jobs, SCITOKEN and HTCondor's credentials. A fault of BEARER_TOKEN is not
 * told here: what is wrong with the text is what these commands are asked for.
 */
async function discover(io: Io): Promise<TokenText> {
  const said = strip(io.env["BEARER_TOKEN"] ?? "");
  if (said !== "") return { value: said, source: "BEARER_TOKEN" };
  // With all its ways to get tokens: large, and not needed for a token that is at hand.
  const { discoverToken, findToken } = await import("@scitokens/client");
  const options = { env: io.env, uid: io.uid, clock: io.clock, onWarning: (sentence: string) => warn(io, sentence) };
  return (await discoverToken(options)) ?? findToken({ timeLeft: 0 }, options);
}

/** The white space of C's isspace, and no other (WLCG Bearer Token Discovery). */
function strip(text: string): string {
  return text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "");
}

/** HTCondor's `.use` files, and what token endpoints answer, hold the token in JSON. */
function insideJson(text: string): string | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const answer: unknown = JSON.parse(text);
    const token = typeof answer === "object" && answer !== null && "access_token" in answer && answer.access_token;
    return typeof token === "string" ? token : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is better taken for a token, or a piece of one, than for the name of a file that is not there. */
export function looksLikeToken(text: string): boolean {
  return /^(?:bearer\s|["']?e[wy][\w-]{10,}(?:\.|$)|[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}$)/i.test(text);
}
