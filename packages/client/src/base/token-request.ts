// What a caller asks for, in one shape, with what the source has itself filled in.
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
  readonly signal: AbortSignal | undefined;
}

/** What a source asks for where a request leaves it open. */
export type RequestDefaults = Pick<TokenRequest, "audience" | "resource" | "scope">;

const NAMES = ["audience", "resource", "scope", "issuer", "timeLeft", "fresh", "signal"];

/** @throws {TypeError} for a misspelt or ill-typed member: an audience that is overlooked would get a token for everybody. */
export function readRequest(request: TokenRequest = {}, defaults: RequestDefaults = {}): ReadRequest {
  checkOptionNames("token request", request, NAMES);
  const { timeLeft = 60, fresh = false, issuer, signal } = request;
  if (typeof timeLeft !== "number" || !(timeLeft >= 0)) throw new TypeError("timeLeft must be a number of seconds");
  return {
    audience: strings("audience", request.audience ?? defaults.audience),
    resource: strings("resource", request.resource ?? defaults.resource),
    scope: strings("scope", request.scope ?? defaults.scope).flatMap((text) => text.split(" ").filter((s) => s !== "")),
    issuer,
    timeLeft,
    fresh,
    signal,
  };
}

/** Equal for requests that the same token answers. */
export function requestKey({ audience, resource, scope }: ReadRequest): string {
  return JSON.stringify([audience.toSorted(), resource.toSorted(), scope.toSorted()]);
}

function strings(name: string, value: unknown): readonly string[] {
  const list: readonly unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return list.map((one) => {
    if (typeof one === "string" && one !== "") return one;
    throw new TypeError(`${name} must be a string that is not empty, or a list of such`);
  });
}
