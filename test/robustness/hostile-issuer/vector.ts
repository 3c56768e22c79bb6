// One case of vectors/hostile-issuer.json as a behaviour. Its expressions are not evaluated: each has a builder here, by name.
import type { HostileCase } from "./case.js";
import { UNAVAILABLE } from "./case.js";
import { answer, head, json, redirect } from "./http.js";
import { certificateOf, key, tokenOf } from "./issuer.js";
import type { Place } from "./issuer.js";
import { forgedWithExponentOne, otherRsa, rsa, weak, weakest } from "./rsa-keys.js";
import type { Step } from "./steps.js";

export interface Vector {
  readonly id: string;
  readonly severity: string;
  readonly jwksBehaviour: {
    readonly name: string;
    readonly via?: "metadata";
    readonly delayMs?: number;
    readonly hang?: true;
    readonly dripMs?: number;
    readonly status?: number;
    readonly body?: string;
    readonly raw?: string;
    readonly keysExpr?: string;
    readonly rawExpr?: string;
    readonly extraTop?: object;
    readonly padMb?: number;
    readonly headerFlood?: number;
    readonly redirectExpr?: string;
    readonly redirectChain?: number;
    readonly jwksUriExpr?: string;
    readonly jwksUri?: null;
    readonly inlineJwks?: "EVIL";
    readonly tlsBad?: "self-signed" | "wrong-host";
    readonly setCookie?: true;
    readonly script?: "flood-good" | "recover";
    readonly n?: number;
  };
  readonly token: keyof typeof TOKENS;
  readonly expect: string;
  readonly accept: readonly string[];
  readonly limits: { readonly maxMs: number; readonly maxFetches: number; readonly maxRssMb?: number };
}

const RS = rsa.jwk;
const EVIL = otherRsa.jwk;
const fill = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, i) => ({ ...EVIL, kid: `fill-${i}` }));
const asText = JSON.stringify;

export const TOKENS = {
  T: (issuer: string) => tokenOf(issuer, rsa),
  TE: (issuer: string) => tokenOf(issuer, key),
  EVIL: (issuer: string) => tokenOf(issuer, otherRsa),
  W512: (issuer: string) => tokenOf(issuer, weakest),
  W1024: (issuer: string) => tokenOf(issuer, weak),
  E1: forgedWithExponentOne,
} as const;

/** What an expression says, by the name of its case; the text stands beside it, so that a change of the vectors is seen. */
export interface Builder<T> {
  readonly text: string;
  readonly value: T;
}

const of = <T>(text: string, value: T): Builder<T> => ({ text, value });

export const ENTRIES: Readonly<Record<string, Builder<readonly unknown[]>>> = {
  "keys-null-entry": of('[null, RS, 1, "x", []]', [null, RS, 1, "x", []]),
  "keys-unknown-kty": of('[{kty:"AKP",kid:"q"}, RS]', [{ kty: "AKP", kid: "q" }, RS]),
  "keys-missing-kty": of('[{kid:"q"}, RS]', [{ kid: "q" }, RS]),
  "keys-extra-members": of('[{...RS, foo:1, x5c:["AA"]}]', [{ ...RS, foo: 1, x5c: ["AA"] }]),
  "many-keys-100": of("[...fill(99), RS]", [...fill(99), RS]),
  "many-keys-10k": of("[...fill(10000), RS]", [...fill(10_000), RS]),
  "dup-kid-good-last": of('[{...EVIL, kid:"rs-1"}, RS]', [{ ...EVIL, kid: "rs-1" }, RS]),
  "use-enc": of('[{...RS, use:"enc"}]', [{ ...RS, use: "enc" }]),
  "key_ops-sign-only": of('[{...RS, use:undefined, key_ops:["sign"]}]', [{ ...RS, use: undefined, key_ops: ["sign"] }]),
  "alg-hs256-on-rsa": of('[{...RS, alg:"HS256"}]', [{ ...RS, alg: "HS256" }]),
  "alg-absent": of("[{...RS, alg:undefined}]", [{ ...RS, alg: undefined }]),
  "use-absent": of("[{...RS, use:undefined}]", [{ ...RS, use: undefined }]),
  "kid-absent": of("[{...RS, kid:undefined}]", [{ ...RS, kid: undefined }]),
  "oct-and-rsa": of('[{kty:"oct",k:"c2VjcmV0",kid:"oct-1",alg:"HS256"}, RS]', [
    { kty: "oct", k: "c2VjcmV0", kid: "oct-1", alg: "HS256" },
    RS,
  ]),
  "rsa-512": of("[W512]", [weakest.jwk]),
  "rsa-1024": of("[W1024]", [weak.jwk]),
  "rsa-e1": of('[{...RS, e:"AQ"}]', [{ ...RS, e: "AQ" }]),
  "rsa-n-padded": of('[{...RS, n:RS.n+"=="}]', [{ ...RS, n: `${String(RS["n"])}==` }]),
  "rsa-n-missing": of("[{...RS, n:undefined}]", [{ ...RS, n: undefined }]),
  "ec-ok": of("[ES]", [key.jwk]),
};

export const TEXTS: Readonly<Record<string, Builder<string>>> = {
  "dup-member-keys": of('`{"keys":[],"keys":[${J(RS)}]}`', `{"keys":[],"keys":[${asText(RS)}]}`),
};

export const URIS: Readonly<Record<string, Builder<string>>> = {
  "meta-jwks-data": of(
    '"data:application/json,"+encodeURIComponent(J({keys:[EVIL]}))',
    `data:application/json,${encodeURIComponent(asText({ keys: [EVIL] }))}`,
  ),
};

export const REDIRECTS: Readonly<Record<string, Builder<(place: Place) => string>>> = {
  "redirect-other-host": of("`http://localhost:${port}/normal/jwks`", ({ elsewhere }) =>
    elsewhere.origin.replace("127.0.0.1", "localhost"),
  ),
};

/** What the issuer's answer means for the request: 503 where the keys cannot be had, else what becomes of the token. */
export const statusOf = (verdict: string): string =>
  verdict === "good" ? "200" : verdict === UNAVAILABLE ? "503" : "401";

export function caseOf({ id, jwksBehaviour: behaviour, token }: Vector): HostileCase {
  const { via, tlsBad, hang, dripMs, padMb } = behaviour;
  const waits = hang === true || dripMs !== undefined;
  return {
    what: id,
    token: TOKENS[token],
    keys: (place) => keysOf(behaviour, place),
    ...(via === undefined ? { jwksUri: true } : { metadata: (place) => metadataOf(behaviour, place) }),
    ...(tlsBad && { tls: "trusted", certificate: certificateOf(tlsBad) }),
    ...(waits && { waits: true }),
    ...(padMb !== undefined && { apart: true }),
  };
}

function metadataOf(behaviour: Vector["jwksBehaviour"], { issuer }: Place): readonly Step[] {
  const uri = behaviour.jwksUri === null ? undefined : (URIS[behaviour.name]?.value ?? `${issuer}/keys`);
  return json({ issuer, jwks_uri: uri, ...(behaviour.inlineJwks && { jwks: { keys: [EVIL] } }) });
}

function keysOf(behaviour: Vector["jwksBehaviour"], place: Place): readonly Step[] {
  const { name, status, delayMs, dripMs, headerFlood, redirectChain } = behaviour;
  if (behaviour.hang === true) return ["hang"];
  const lines = [
    ...Array.from({ length: headerFlood ?? 0 }, (_, i) => `x-flood-${i}: ${"y".repeat(20)}`),
    ...(behaviour.setCookie === true ? ["set-cookie: session=1; Path=/", 'www-authenticate: Basic realm="x"'] : []),
  ];
  const location = redirectChain === undefined ? REDIRECTS[name]?.value(place) : `/chain/${redirectChain}`;
  if (location !== undefined) return redirect(location);
  const body = bodyOf(behaviour);
  if (dripMs !== undefined) return [{ send: head(200) }, { drip: body, everyMs: dripMs }];
  const steps = answer(body, { status: status ?? 200, lines });
  return delayMs === undefined ? steps : [{ waitMs: delayMs }, ...steps];
}

function bodyOf({ name, raw, body, extraTop, padMb = 0 }: Vector["jwksBehaviour"]): string {
  const keys = ENTRIES[name]?.value ?? [RS];
  const text = raw ?? body ?? TEXTS[name]?.value ?? asText({ ...extraTop, keys });
  return text.padEnd(padMb * 1_048_576);
}
