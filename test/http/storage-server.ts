// A file server's decision on one request, in few words: "+" allowed, else the status. Rules R3, H3.
import type { Enforcer, EnforcerOptions, IssuerOptions, ProfileName, SciTokenEvent } from "@scitokens/core";
import { authorizeRequest, createProtection, fromRequest, nodeFacts, operationOf } from "@scitokens/core/http";
import type { Operation, ProtectOptions, ScopeRule } from "@scitokens/core/http";
import { AUDIENCE, enforcerWith, tokenOf } from "../support/static-issuer.js";

export type There = "file" | "directory" | undefined;

export type Groups = NonNullable<ProtectOptions<object>["groups"]>;
export type Hosts = NonNullable<ProtectOptions<object>["hosts"]>;

/** The rules of a service for two groups, one of which is let in where the other is not. */
export const TWO_GROUPS: Groups = [
  { group: "/wlcg", allow: ["read:/", "write:/"], except: ["write:/protected"] },
  { group: "/wlcg/test", allow: ["read:/protected", "write:/protected"] },
];

export interface Asking {
  /** A method and a raw target. */
  readonly request: string;
  /** More header lines: names and values by turns. */
  readonly lines?: readonly string[];
  readonly scope?: string;
  readonly profile?: ProfileName;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Instead of a token of static-issuer.ts. */
  readonly raw?: string;
  /** What there is; without it, `exists` is not given. */
  readonly exists?: boolean | ((path: string) => boolean);
  readonly kind?: There | "nothing" | ((path: string) => There);
  readonly thirdPartyCopy?: boolean;
  readonly rule?: ScopeRule<object>;
  readonly enforcer?: Enforcer;
  readonly options?: Partial<Pick<ProtectOptions<object>, "groups" | "hosts" | "mode">>;
}

export interface Told {
  readonly verdict: "+" | "400" | "401" | "403" | "503";
  readonly operation: Operation | undefined;
  /** What the challenge asks for. */
  readonly asks: string | undefined;
  /** What the operator hears (H6); one decision at a time. */
  readonly heard: readonly SciTokenEvent[];
}

export const HOST = "storage.example.org:8443";
const heard: SciTokenEvent[] = [];

/** An enforcer whose events `ask()` hears. */
export const enforcerOf = (options: Partial<EnforcerOptions> = {}, issuer: Partial<IssuerOptions> = {}): Enforcer =>
  enforcerWith({ onEvent: (event) => void heard.push(event), ...options }, issuer);

export const AUDIENCES: readonly string[] = [AUDIENCE, "ce.example.org:9619"];
const usual = enforcerOf({ audience: AUDIENCES });

export async function ask(asking: Asking): Promise<Told> {
  const { request: line, lines = [], enforcer = usual, options = {} } = asking;
  const [method = "", ...target] = line.split(" ");
  const raw = asking.raw ?? tokenOf(asking.profile ?? "wlcg", { scope: asking.scope ?? "", ...asking.claims });
  heard.length = 0;
  const request = {};
  const protection = createProtection<object>({ enforcer, scope: asking.rule ?? ruleOf(asking), ...options });
  const said = await authorizeRequest(
    {
      ...nodeFacts({
        method,
        url: target.join(" "),
        rawHeaders: ["Host", HOST, "Authorization", `Bearer ${raw}`, ...lines],
        headers: {},
      }),
      request,
    },
    protection,
  );
  if (said.allowed) return { verdict: "+", operation: operationOf(request), asks: undefined, heard: [...heard] };
  const { status, headers } = said.refusal;
  const [, asks] = /scope="([^"]*)"/.exec(headers["WWW-Authenticate"] ?? "") ?? [];
  return { verdict: `${status}` as Told["verdict"], operation: operationOf(request), asks, heard: [...heard] };
}

function ruleOf({ exists, kind, thirdPartyCopy }: Asking): ScopeRule<object> {
  return fromRequest({
    ...(exists === undefined ? {} : { exists: typeof exists === "function" ? exists : () => exists }),
    ...(kind === undefined
      ? {}
      : { kind: typeof kind === "function" ? kind : () => (kind === "nothing" ? undefined : kind) }),
    ...(thirdPartyCopy === undefined ? {} : { thirdPartyCopy }),
  });
}
