// Where a token may be, and what is found there: a variable, a file. WLCG Bearer Token Discovery.
import type { AccessToken } from "../base/access-token.js";
import { TokenError } from "../base/errors.js";
import { readObject } from "../base/read-object.js";
import { isToken, stripSpace, whyNoToken } from "../base/token-text.js";
import { toAccessToken } from "../base/read-claims.js";
import { nameFile } from "../files/name-file.js";
import { readTokenFile } from "../files/read-token-file.js";
import type { FileRules } from "../files/read-token-file.js";

/** `nothing`: look at the next place · `fault`: there is something, and it is no good. */
export type Look =
  | { readonly found: "token"; readonly token: AccessToken }
  | { readonly found: "nothing"; readonly why: string }
  | { readonly found: "fault"; readonly why: string; readonly error: TokenError };

export interface Place {
  /** In words for a person. */
  readonly name: string;
  look(): Promise<Look>;
}

/** A variable that holds a token. */
export function variablePlace(name: string, value: string | undefined): Place {
  return { name, look: async () => (value === undefined ? nothing("not set") : judgeText(value, name)) };
}

/** A place that there is not, and why. */
export function noPlace(name: string, why: string): Place {
  return { name, look: async () => nothing(why) };
}

export interface FilePlaceOptions extends FileRules {
  /** The variable that names the file. */
  readonly variable?: string | undefined;
  readonly onWarning?: ((sentence: string) => void) | undefined;
  /** Whether `{"access_token": ..., "expires_in": ...}` is read as well, as HTCondor writes it. */
  readonly json?: boolean | undefined;
}

/** A file that holds a token. */
export function filePlace(path: string, options: FilePlaceOptions): Place {
  const name = nameFile(path, options.variable);
  return { name, look: () => lookAtFile(path, name, options) };
}

async function lookAtFile(path: string, name: string, options: FilePlaceOptions): Promise<Look> {
  const finding = await readTokenFile(path, options);
  if (finding.kind === "failed") return fault(finding.code, finding.why, name);
  if (finding.kind === "missing") {
    if (finding.foreign) options.onWarning?.(`${name}: ${finding.why}`);
    return nothing(finding.why);
  }
  if (finding.warning !== undefined) options.onWarning?.(`${name}: ${finding.warning}`);
  const answer = options.json === true ? readAnswer(finding.text) : undefined;
  if (answer === undefined) return judgeText(finding.text, name);
  const expiresAt = answer.expiresIn === undefined ? undefined : finding.modifiedAt + answer.expiresIn;
  return judgeText(answer.token, name, expiresAt);
}

/** What is left without white space is a token, or nothing, or a fault. */
function judgeText(text: string, source: string, expiresAt?: number): Look {
  const token = stripSpace(text);
  if (token === "") return nothing("empty");
  if (!isToken(token)) return fault("unusable", `not a token: ${whyNoToken(token)}`, source);
  return { found: "token", token: toAccessToken(token, { source, expiresAt }) };
}

/** A token endpoint's answer that somebody kept in a file. RFC 6749 5.1. */
function readAnswer(text: string): { readonly token: string; readonly expiresIn: number | undefined } | undefined {
  const { access_token: token, expires_in: life } = readObject(text) ?? {};
  if (typeof token !== "string") return undefined;
  return { token, expiresIn: typeof life === "number" && Number.isFinite(life) ? life : undefined };
}

function nothing(why: string): Look {
  return { found: "nothing", why };
}

function fault(code: "unusable" | "unreachable", why: string, source: string): Look {
  return { found: "fault", why, error: new TokenError(code, `${source}: ${why}`, { source }) };
}
