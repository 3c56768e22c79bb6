// Refusals that people meet, each made to happen: docs/explain.md shows what is said of them, and tests look at it.
import { everywhere, refused } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { AUDIENCE, ISSUER, issuerNetwork, runBesideIssuer, TRUST, tokenWith, wlcgToken } from "./issuer-world.js";
import { NOW } from "./run-cli.js";
import type { Result } from "./run-cli.js";

export interface Refusal {
  readonly title: string;
  /** What the core calls it. */
  readonly reason: string;
  readonly token: string;
  readonly asked: readonly string[];
  /** What must stand in the advice, for it to be of use. */
  readonly says: readonly RegExp[];
  /** Default: the issuer above, and its server. */
  readonly trust?: readonly string[];
  readonly issuerIsDown?: boolean;
}

const READ = ["read", "/store/run1/a.root"] as const;
const trusting = (issuer: string): readonly string[] => ["--issuer", issuer, "--audience", AUDIENCE, "--no-key-cache"];

export const REFUSALS: readonly Refusal[] = [
  {
    title: "The token has expired",
    reason: "expired",
    token: tokenWith({ exp: NOW - 11_520, iat: NOW - 15_120, nbf: NOW - 15_120 }),
    asked: READ,
    says: [/3 h 12 min ago/, /scitokens get .*--scope read:\/store/, /scitokens with/],
  },
  {
    title: "The token is for another server",
    reason: "audience",
    token: tokenWith({ aud: ["https://compute.example.org", "https://jobs.example.org"] }),
    asked: READ,
    says: [
      /compute\.example\.org/,
      /the server is "https:\/\/data\.example\.org"/,
      /--audience https:\/\/data\.example\.org/,
    ],
  },
  {
    title: "The token is for this server, spelt otherwise",
    reason: "audience",
    token: tokenWith({ aud: "https://data.example.org/" }),
    asked: READ,
    says: [/differ in spelling only/, /slash at the end/],
  },
  {
    title: "The scope is about another directory",
    reason: "capability",
    token: tokenWith({ scope: "read:/store write:/scratch/alice" }),
    asked: ["write", "/store/run1/a.root"],
    says: [/in another place: "write:\/scratch\/alice"/, /--scope write:\/store\/run1\/a\.root/],
  },
  {
    title: "The path only begins like the scope",
    reason: "capability",
    token: tokenWith({ scope: "read:/sub" }),
    asked: ["read", "/subway/map"],
    says: [/"read:\/sub"/, /same letters/, /whole names between slashes/, /--scope read:\/subway\/map/],
  },
  {
    title: "The scope ends with a slash",
    reason: "capability",
    token: tokenWith({ scope: "read:/store/" }),
    asked: ["read", "/store"],
    says: [/slash at its end/, /directory's content/],
  },
  {
    title: "The token may put new files, not overwrite them",
    reason: "capability",
    token: wlcgToken({ scope: "storage.create:/store" }),
    asked: ["storage.modify", "/store/a"],
    says: [/"storage\.create"|"create"/, /to overwrite, rename or delete/, /--scope storage\.modify:\/store\/a/],
  },
  {
    title: "The issuer is spelt with a slash at the end",
    reason: "untrusted_issuer",
    token: tokenWith({ iss: `${ISSUER}/` }),
    asked: READ,
    says: [/slash at the end/, /letter by letter/, /--issuer https:\/\/issuer\.example\.org\//],
  },
  {
    title: "The issuer is not trusted",
    reason: "untrusted_issuer",
    token: tokenWith(),
    asked: READ,
    trust: trusting("https://cms-auth.example.org"),
    says: [/only "https:\/\/cms-auth\.example\.org" is trusted/, /its administrators decide/],
  },
  {
    title: "The key is not the issuer's",
    reason: "unknown_key",
    token: tokenWith({}, {}, testKey("ES256", "key-2019")),
    asked: READ,
    says: [/"key-2019"/, /"key-2026"/, /scitokens doctor https:\/\/issuer\.example\.org/],
  },
  {
    title: "The issuer cannot be reached",
    reason: "issuer_unavailable",
    token: tokenWith(),
    asked: READ,
    issuerIsDown: true,
    says: [/was not judged: it may be good/, /scitokens doctor/, /--jwks FILE/],
  },
  {
    title: "It is not a kind of token that is known",
    reason: "profile",
    token: tokenWith({ ver: "scitokens:3.0" }),
    asked: READ,
    says: [/"scitokens:3\.0"/, /"scitoken:2\.0"/],
  },
  {
    title: "A plain OAuth token, where SciTokens are expected",
    reason: "unknown_claim",
    token: tokenWith({ ver: undefined, azp: "app", realm_access: {} }),
    asked: READ,
    says: [/--profile oauth/],
  },
  {
    title: "The token is not valid yet",
    reason: "not_yet_valid",
    token: tokenWith({ iat: NOW + 300, nbf: NOW + 300, exp: NOW + 900 }),
    asked: READ,
    says: [/slow by about 5 min/, /--clock-tolerance 300/],
  },
  {
    title: "Half of the token was copied",
    reason: "malformed",
    token: tokenWith().split(".").slice(0, 2).join("."),
    asked: READ,
    says: [/end of the token is missing/, /Copy the whole token again/],
  },
  {
    title: "The word Bearer stands before the token",
    reason: "malformed",
    token: `Bearer ${tokenWith()}`,
    asked: READ,
    says: [/'Bearer'/, /Leave it out/],
  },
  {
    title: "The token stands in quotes",
    reason: "malformed",
    token: `"${tokenWith()}"`,
    asked: READ,
    says: [/quotes/, /jq -r/],
  },
  {
    title: "The token is opaque",
    reason: "malformed",
    token: "7f3kq9s0c2b1aa4e8d",
    asked: READ,
    says: [/no JWT/, /access_token/],
  },
  {
    title: "The path has a step upwards",
    reason: "invalid_path",
    token: tokenWith(),
    asked: ["read", "/store/../home"],
    says: [/whatever the token/, /without '\.\.'/],
  },
  {
    title: "The token has groups, and no capability",
    reason: "capability",
    token: wlcgToken({ scope: undefined, "wlcg.groups": ["/cms", "/cms/uscms"] }),
    asked: ["storage.read", "/store/a"],
    says: [/which groups you belong to/, /--scope storage\.read:\/store\/a/],
  },
  {
    title: "A plain access token says read, and no path",
    reason: "capability",
    token: tokenWith({ ver: undefined, scope: "read", client_id: "app", jti: "1" }, { typ: "at+jwt" }),
    asked: READ,
    says: [/"read" without a path/, /says nothing about files/, /--scope read:\/store\/run1\/a\.root/],
  },
  {
    title: "A scope for files has no path",
    reason: "scope_syntax",
    token: tokenWith({ scope: "read" }),
    asked: READ,
    says: [/absolute path/, /read:\//],
  },
  {
    title: "It is an ID token",
    reason: "token_type",
    token: tokenWith({ at_hash: "x" }),
    asked: READ,
    says: [/ID token/, /access_token/],
  },
];

/** Runs `scitokens explain` on it. */
export async function explainRefusal(
  { token, asked, trust = TRUST, issuerIsDown }: Refusal,
  more: readonly string[] = [],
): Promise<Result> {
  const network = issuerNetwork();
  if (issuerIsDown === true) everywhere(network, refused);
  return runBesideIssuer(["explain", ...asked, ...trust, ...more], token, { fetch: network.fetch });
}
