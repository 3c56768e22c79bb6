// Metadata that leads elsewhere, or is another issuer's; over TLS, since an issuer is asked over https alone. Rules I2, I3.
import { GOOD_KEYS, metadataCase } from "../case.js";
import type { HostileCase } from "../case.js";
import { json } from "../http.js";
import type { Place } from "../issuer.js";

const tls = "trusted" as const;

const namedCase = (what: string, named: (issuer: string) => unknown, says: RegExp): HostileCase =>
  metadataCase(`issuer is ${what}`, ({ issuer }) => json({ issuer: named(issuer), jwks_uri: `${issuer}/keys` }), {
    says,
    tls,
  });

const other = /issuer: expected the configured one, to the letter/;
const slash = /issuer differs from the configured one by a trailing slash only.*jwksUri/;

const uriCase = (what: string, uri: (place: Place) => unknown, more: Partial<HostileCase> = {}): HostileCase =>
  metadataCase(`jwks_uri is ${what}`, (place) => json({ issuer: place.issuer, jwks_uri: uri(place) }), {
    says: /jwks_uri: expected/,
    tls,
    ...more,
  });

export const METADATA: readonly HostileCase[] = [
  namedCase("another one", () => "https://other.example.org", other),
  namedCase("the same with a trailing slash", (issuer) => `${issuer}/`, slash),
  namedCase("the same in capitals", (issuer) => issuer.toUpperCase(), other),
  namedCase("the same with a blank", (issuer) => `${issuer} `, other),
  namedCase("the same over http", (issuer) => issuer.replace("https:", "http:"), other),
  namedCase("missing", () => undefined, other),
  namedCase("null", () => null, other),
  namedCase("a number", () => 7, other),
  namedCase("a list of it", (issuer) => [issuer], other),
  namedCase("a million characters long", () => "x".repeat(1_000_000), other),

  uriCase("http, at the same server", ({ issuer }) => `${issuer.replace("https:", "http:")}/keys`, {
    says: /expected https, not http:/,
  }),
  uriCase("http, at another server", ({ elsewhere }) => elsewhere.origin.replace("https:", "http:")),
  uriCase("a file", () => "file:///etc/passwd"),
  uriCase("data", () => `data:application/json,${encodeURIComponent(GOOD_KEYS)}`),
  uriCase("a blob", () => "blob:https://127.0.0.1/550e8400-e29b-41d4-a716-446655440000"),
  uriCase("ftp", () => "ftp://127.0.0.1/keys"),
  uriCase("gopher", () => "gopher://127.0.0.1:6379/_FLUSHALL"),
  uriCase("javascript", () => "javascript:0"),
  uriCase("a unix socket", () => "unix:/var/run/docker.sock"),
  uriCase("relative", () => "/keys"),
  uriCase("without a scheme", ({ elsewhere }) => elsewhere.origin.replace("https:", "")),
  uriCase("with a password", ({ elsewhere }) => elsewhere.origin.replace("//", "//user:pass@")),
  uriCase("with a user name", ({ elsewhere }) => elsewhere.origin.replace("//", "//user@")),
  uriCase("empty", () => ""),
  uriCase("missing", () => undefined),
  uriCase("null", () => null),
  uriCase("a number", () => 7),
  uriCase("a list of a URL", ({ issuer }) => [`${issuer}/keys`]),
  uriCase("a million characters long", ({ issuer }) => `${issuer}/${"y".repeat(1_000_000)}`),
  uriCase("at a port that is no web server's", () => "https://127.0.0.1:25/keys", { says: /bad port/, fetches: 1 }),
  uriCase("at a port where nobody listens", () => "https://127.0.0.1:1/keys", {
    says: /ECONNREFUSED|bad port/,
    fetches: 1,
  }),
  uriCase("at another https server", ({ elsewhere }) => `${elsewhere.origin}/keys`, {
    answer: "good",
    fetches: 1,
    elsewhere: 1,
  }),
  uriCase("missing, and the keys themselves are there", () => undefined, {
    metadata: ({ issuer }) =>
      json({ issuer, jwks: JSON.parse(GOOD_KEYS) as unknown, ...(JSON.parse(GOOD_KEYS) as object) }),
  }),
];
