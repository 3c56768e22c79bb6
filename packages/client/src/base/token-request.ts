// What a caller asks for, in one shape, with what the source has itself filled in.
import { AccessToken } from "./access-token.js";
import { checkChoice, checkText } from "./option-checks.js";
import { checkOptionNames } from "./option-names.js";
import type { TokenRequest } from "./token-source.js";

/** A request taken apart: lists instead of strings, defaults filled in. */
export interface ReadRequest {
  readonly audience: readonly string[];
  readonly resource: readonly string[];
  readonly scope: readonly string[];
  readonly issuer: string | undefined;
  /** Seconds. */
  readonly timeLeft: number;
  readonly fresh: boolean;
  readonly refused: AccessToken | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What a source asks for where a request leaves it open. */
export type RequestDefaults = Pick<TokenRequest, "audience" | "resource" | "scope">;

const NAMES = ["audience", "resource", "scope", "issuer", "timeLeft", "fresh", "refused", "signal"];

/** @throws {TypeError} for a misspelt or ill-typed member: an audience that is overlooked would get a token for everybody. */
export function readRequest(request: TokenRequest = {}, defaults: RequestDefaults = {}): ReadRequest {
  checkOptionNames("token request", request, NAMES);
  const { timeLeft = 60, fresh = false, issuer, refused, signal } = request;
  if (!(Number.isFinite(timeLeft) && timeLeft >= 0)) throw new TypeError("timeLeft must be a number of seconds");
  if (issuer !== undefined) checkText("token request", "issuer", issuer);
  checkChoice("token request", "fresh", { value: fresh, known: [true, false] });
  if (refused !== undefined && !(refused instanceof AccessToken)) {
    throw new TypeError("token request: refused must be an AccessToken");
  }
  if (!isSignal(signal)) throw new TypeError("token request: signal must be an AbortSignal");
  return {
    audience: strings("audience", request.audience ?? defaults.audience),
    resource: strings("resource", request.resource ?? defaults.resource),
    scope: strings("scope", request.scope ?? defaults.scope).flatMap((text) => text.split(" ").filter((s) => s !== "")),
    issuer,
    timeLeft,
    fresh,
    refused,
    signal,
  };
}

/** Equal for requests that the same token answers. */
export function requestKey({ audience, resource, scope }: ReadRequest): string {
  return JSON.stringify([audience.toSorted(), resource.toSorted(), scope.toSorted()]);
}

/** Of this or of another implementation. */
function isSignal(signal: unknown): boolean {
  if (signal === undefined) return true;
  return typeof signal === "object" && signal !== null && "aborted" in signal && "throwIfAborted" in signal;
}

function strings(name: string, value: unknown): readonly string[] {
  const list: readonly unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return list.map((one) => {
    if (typeof one === "string" && one !== "") return one;
    throw new TypeError(`${name} must be a string that is not empty, or a list of such`);
  });
}
