// Good tokens of one issuer, all with the same claims but for `jti`, and bad ones of every kind that a server on the open net is sent.
import { createHmac, createPublicKey, randomBytes } from "node:crypto";
import { createSigningKey, createToken } from "@scitokens/issuer";
import type { Trust } from "./contender.js";

export interface Tokens {
  readonly trust: Trust;
  readonly good: readonly string[];
  /** By what is wrong with them. */
  readonly bad: Readonly<Record<BadKind, readonly string[]>>;
}

export type BadKind = "signature" | "expired" | "audience" | "issuer" | "garbage" | "unsigned" | "confused";

const issuer = "https://issuer.example.org";
const audience = "https://data.example.org";
const claims = { sub: "alice@example.org", aud: audience, scope: "read:/store write:/store/users/alice" };
const HOUR = 3600;

/** @param count of good ones, and of each kind of bad ones */
export async function mintTokens(count: { readonly good: number; readonly bad: number }): Promise<Tokens> {
  const key = await createSigningKey({ alg: "RS256" });
  const pem = createPublicKey(key.privateKey).export({ type: "spki", format: "pem" }).toString();
  const mint = (many: number, different: object = {}): Promise<readonly string[]> =>
    Promise.all(
      Array.from({ length: many }, () => createToken({ ...claims, ...different }, { key, issuer, lifetime: HOUR })),
    );
  const good = await mint(count.good);
  const some = Array.from({ length: count.bad }, (_, index) => good[index % good.length] ?? "");
  return {
    trust: { issuer, audience, jwk: { ...key.publicJwk }, pem },
    good,
    bad: {
      signature: some.map((token) => `${signedPart(token)}.${randomSignature()}`),
      expired: await mint(count.bad, { exp: 1_700_000_000, nbf: 1_699_999_400, iat: 1_699_999_400 }),
      audience: await mint(count.bad, { aud: "https://other.example.org" }),
      issuer: await mint(count.bad, { iss: "https://other.example.org" }),
      garbage: some.map((_, index) => garbage(index)),
      unsigned: some.map((token) => `${withAlgorithm(token, "none")}.`),
      confused: some.map((token) => {
        const text = withAlgorithm(token, "HS256");
        return `${text}.${createHmac("sha256", pem).update(text).digest("base64url")}`;
      }),
    },
  };
}

function signedPart(token: string): string {
  return token.slice(0, token.lastIndexOf("."));
}

/** As long as a good one, and a number below the modulus: it has to be looked at. */
function randomSignature(): string {
  const bytes = randomBytes(256);
  bytes[0] = 0;
  return bytes.toString("base64url");
}

function withAlgorithm(token: string, alg: string): string {
  const [header = "", payload = ""] = token.split(".");
  const read = JSON.parse(Buffer.from(header, "base64url").toString()) as object;
  return `${Buffer.from(JSON.stringify({ ...read, alg })).toString("base64url")}.${payload}`;
}

/** What is no token at all, in several ways. */
function garbage(index: number): string {
  const random = (length: number): string => randomBytes(length).toString("base64url");
  const ways = [
    () => random(400),
    () => `${random(60)}.${random(300)}.${random(256)}`,
    () => `${random(60)}.${random(300)}`,
    () => `${Buffer.from(JSON.stringify({ alg: "RS256" })).toString("base64url")}.${random(300)}.${random(256)}`,
    () => `eyJ.eyJ.${random(256)}`,
  ];
  return ways[index % ways.length]?.() ?? "";
}
