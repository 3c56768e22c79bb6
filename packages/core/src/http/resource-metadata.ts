// What this server says of itself to clients that have no token yet. RFC 9728, rule H7.
import { checkOptionNames } from "../base/option-names.js";
import type { EnforcerNames } from "../enforcer/decide.js";
import type { Answer } from "./answer.js";

/** What the metadata document says; its names are those of RFC 9728 2. */
export interface ResourceMetadataOptions {
  /** This server's identifier, a URL. Default: its audience, where that is one such URL. */
  readonly resource?: string;
  /** Where a client may get its tokens. Default: the trusted issuers. */
  readonly authorization_servers?: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly resource_name?: string;
  readonly resource_documentation?: string;
  readonly resource_policy_uri?: string;
  readonly resource_tos_uri?: string;
}

/** The metadata document, and where it belongs. */
export interface ResourceMetadata {
  /** Where clients look for it: what `resource_metadata` in a challenge names. */
  readonly url: string;
  /** The path of that URL: `/.well-known/oauth-protected-resource` and the resource's own. */
  readonly path: string;
  readonly document: Readonly<Record<string, string | readonly string[]>>;
  /** The answer to a request for the document; undefined when the target is another's. */
  answer(method: string, target: string): Answer | undefined;
}

const WELL_KNOWN = "/.well-known/oauth-protected-resource";
const TEXTS = ["resource_name", "resource_documentation", "resource_policy_uri", "resource_tos_uri"] as const;
const LISTS = ["authorization_servers", "scopes_supported"] as const;

/** @throws {TypeError} that names the option */
export function createResourceMetadata(given: ResourceMetadataOptions, names: EnforcerNames): ResourceMetadata {
  checkOptionNames("resourceMetadata", given, ["resource", ...TEXTS, ...LISTS]);
  const resource = given.resource === undefined ? onlyUrl(names.audiences) : given.resource;
  const { origin, pathname } = checkMetadataUrl("resourceMetadata.resource", resource);
  const path = WELL_KNOWN + (pathname === "/" ? "" : pathname);
  const document = Object.freeze({
    resource,
    authorization_servers: names.issuers,
    bearer_methods_supported: ["header"],
    ...checkedMembers(given),
  });
  return Object.freeze<ResourceMetadata>({
    url: origin + path,
    path,
    document,
    answer: (method, target) => (target.split("?", 1)[0] === path ? answerTo(method, document) : undefined),
  });
}

/** Where a resource or its document may be: https, or http on this machine for development. @throws {TypeError} */
export function checkMetadataUrl(option: string, value: unknown): URL {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : null;
  const onLoopback = url !== null && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  const fits = url !== null && (url.protocol === "https:" || (url.protocol === "http:" && onLoopback));
  // Clients compare it as a text (RFC 9728 3.3): as it is written must be as everybody writes it.
  const asWritten = url !== null && (url.href === value || url.href === `${String(value)}/`);
  const isBare = url !== null && !/[?#]/.test(url.href) && url.username === "" && url.password === "";
  if (fits && asWritten && isBare) return url;
  throw new TypeError(`${option}: expected a URL as https://data.example.org, without query and fragment`);
}

function onlyUrl(audiences: readonly string[]): string {
  const [first, ...others] = [...new Set(audiences)].filter((name) => /^https?:\/\//.test(name));
  if (first !== undefined && others.length === 0) return first;
  throw new TypeError("resourceMetadata.resource: expected, since the audience is not one URL");
}

function checkedMembers(given: ResourceMetadataOptions): Readonly<Record<string, string | readonly string[]>> {
  const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
  const members: Record<string, string | readonly string[]> = {};
  for (const name of TEXTS) {
    const value = given[name];
    if (value === undefined) continue;
    if (!isText(value)) throw new TypeError(`resourceMetadata.${name}: expected a text`);
    members[name] = value;
  }
  for (const name of LISTS) {
    const value = given[name];
    if (value === undefined) continue;
    if (!Array.isArray(value) || value.length === 0 || !value.every(isText)) {
      throw new TypeError(`resourceMetadata.${name}: expected a list of texts`);
    }
    members[name] = Object.freeze([...(value as readonly string[])]);
  }
  return members;
}

/** Anybody may read it, from any web page: that is what it is for. */
const OPEN = { "Access-Control-Allow-Origin": "*" };
const METHODS = "GET, HEAD, OPTIONS";

function answerTo(method: string, document: object): Answer {
  switch (method) {
    case "GET":
    case "HEAD":
      return {
        status: 200,
        headers: { ...OPEN, "Content-Type": "application/json", "Cache-Control": "public, max-age=3600" },
        body: JSON.stringify(document),
      };
    case "OPTIONS":
      return {
        status: 204,
        headers: { ...OPEN, "Access-Control-Allow-Methods": METHODS, "Access-Control-Allow-Headers": "*" },
        body: "",
      };
    default:
      return { status: 405, headers: { Allow: METHODS }, body: "" };
  }
}
