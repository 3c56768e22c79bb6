// Who signs, who is trusted, and the routes of the contract.
import { anyOf, fromRequest, scope } from "@scitokens/core/http";
import { createEnforcer } from "@scitokens/core";
import { signToken, testKey } from "../support/sign.js";
import type { ContractOptions, ContractRoute } from "./harness.js";

export const NOW = 1_790_000_000;
export const ISSUER = "https://issuer.example.org";
export const AUDIENCE = "https://data.example.org";

const key = testKey("ES256", "key-1");
export const stranger = testKey("ES256", "key-1");

export const trust: ContractOptions = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
};

const dead: ContractOptions = {
  issuer: ISSUER,
  audience: AUDIENCE,
  clock: () => NOW,
  keys: { fetch: () => Promise.reject(new TypeError("fetch failed")) },
};

const inArea: ContractOptions = {
  ...trust,
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] }, basePath: "/area" },
  scope: fromRequest(),
};

const grouped: ContractOptions = { ...trust, scope: "storage.read:/data", groups: ["/cms/uscms"] };

const onStore = fromRequest({
  exists: (path) => !path.endsWith("new"),
  kind: (path) => kinds[path.split(".")[1]?.at(0) ?? ""],
});
const kinds: Readonly<Record<string, "file" | "directory">> = { d: "directory", f: "file" };

const policies = {
  groups: [{ group: "/cms", allow: ["read:/store", "write:/store"], except: ["write:/store/protected"] }],
  hosts: [{ issuer: ISSUER, subject: "host:a.example.org", allow: ["read:/store/lists"] }],
};

export function claims(more: object): object {
  return { iss: ISSUER, aud: AUDIENCE, sub: "alice", ver: "scitoken:2.0", iat: NOW, nbf: NOW, exp: NOW + 60, ...more };
}

export const token = (scopes: string, more: object = {}): string => signToken(key, claims({ scope: scopes, ...more }));
export const wlcgToken = (more: object): string =>
  signToken(key, claims({ ver: undefined, "wlcg.ver": "1.0", jti: "1", ...more }));
export const bearer = (raw: string): string => `Authorization: Bearer ${raw}`;

export const T = token("read:/data write:/scratch");
export const FORGED = signToken(stranger, claims({ scope: "read:/data", sub: "mallory" }));

let started = false;

/** Good at start, and broken for requests. */
function brokenClock(): number {
  if (started) throw Object.assign(new Error("no clock"), { status: 401, headers: { "WWW-Authenticate": "Basic" } });
  return NOW;
}

/** Before requests come. */
export function breakClock(): void {
  started = true;
}

/** The routes of the contract. */
export const routes: readonly ContractRoute[] = [
  { method: "get", path: "/data", protect: { ...trust, scope: "read:/data" } },
  {
    method: "get",
    path: "/all",
    protect: { ...trust, scope: ["read:/data", "write:/scratch/a b".replace(" ", "%20")] },
  },
  { method: "get", path: "/any", protect: { ...trust, scope: anyOf("admin", "read:/data") } },
  { method: "get", path: "/login", protect: trust },
  { method: "get", path: "/optional", protect: { ...trust, optional: true } },
  { method: "get", path: "/realm", protect: { ...trust, realm: "frames of H1" } },
  { method: "get", path: "/custom", protect: { ...trust, scope: "read:/data", onError: "custom" } },
  { method: "get", path: "/dead", protect: dead },
  { method: "get", path: "/groups", protect: grouped },
  { method: "get", path: "/only-groups", protect: { ...trust, groups: ["/cms/uscms"] } },
  { method: "get", path: "/broken", protect: { ...trust, scope: "read:/data" }, broken: "throws" },
  {
    method: "get",
    path: "/broken-rule",
    protect: {
      ...trust,
      scope: () => {
        throw new Error("the rule's own fault");
      },
    },
  },
  {
    method: "get",
    path: "/frames/:run",
    protect: { ...trust, scope: ({ params }) => scope`read:/frames/${params["run"]}` },
  },
  { method: "all", path: "/files/*", protect: { ...trust, scope: fromRequest() } },
  ...[undefined, null, "route", "router", 0].map((thrown): ContractRoute => ({
    method: "get",
    path: `/rejects-${thrown}`,
    // oxlint-disable-next-line prefer-promise-reject-errors -- what is no Error is the point
    protect: { ...trust, scope: () => Promise.reject(thrown) },
  })),
  ...[{ status: 401, headers: { "WWW-Authenticate": "Basic" } }, { statusCode: 404 }, { code: "ENOENT" }].map(
    (more, i): ContractRoute => ({
      method: "get",
      path: `/fails-${i}`,
      protect: { ...trust, isRevoked: () => Promise.reject(Object.assign(new Error("of another request"), more)) },
    }),
  ),
  {
    method: "get",
    path: "/asks-another",
    // What another enforcer says of another token is not said of this one.
    protect: {
      ...trust,
      scope: () =>
        createEnforcer(trust)
          .verify("junk")
          .then(() => "read:/data"),
    },
  },
  { method: "get", path: "/no-clock", protect: { ...trust, tokenCache: 1, clock: brokenClock } },
  { method: "all", path: "/outside/*", protect: inArea },
  { method: "all", path: "/area/*", protect: inArea },
  { method: "all", path: "/store/*", operates: true, protect: { ...trust, scope: onStore, ...policies } },
  { method: "all", path: "/reported/*", operates: true, protect: { ...trust, scope: onStore, mode: "report" } },
  { method: "get", path: "/rejects", protect: { ...trust, scope: "read:/data" }, broken: "rejects" },
  { method: "put", path: "/upload", protect: { ...trust, scope: "write:/scratch" } },
  { method: "head", path: "/head", protect: { ...trust, scope: "read:/data" } },
  { method: "options", path: "/options", protect: { ...trust, scope: "read:/data" } },
  { method: "all", path: "/mounted/*", mountedAt: "/mounted", protect: { ...trust, scope: fromRequest() } },
  {
    method: "get",
    path: "/told",
    protect: { ...trust, scope: "read:/data", resourceMetadata: { resource: AUDIENCE } },
  },
];
