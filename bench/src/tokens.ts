// Tokens as a data service sees them: distinct good ones, and one for each check that every verifier must make.
import type { KeyObject } from "node:crypto";
import { createPublicKey } from "node:crypto";
import { createSigningKey, createToken } from "@scitokens/issuer";
import type { SigningKey } from "@scitokens/issuer";

export type Algorithm = "RS256" | "ES256";

/** An issuer and a server, and tokens of the one for the other. */
export interface Scene {
  readonly algorithm: Algorithm;
  readonly issuer: string;
  readonly audience: string;
  readonly publicJwk: SigningKey["publicJwk"];
  readonly publicKey: KeyObject;
  /** Distinct tokens, valid for an hour. */
  readonly good: readonly string[];
  /** Tokens to be refused, by what is wrong with them. */
  readonly bad: Readonly<Record<"signature" | "audience" | "issuer" | "expired", string>>;
}

export const ISSUER = "https://issuer.example.org";
export const AUDIENCE = "https://data.example.org";
export const SCOPE = "read:/store write:/store/users/alice";
const HOUR = 3600;

export async function createScene(algorithm: Algorithm, tokens: number, scope: string = SCOPE): Promise<Scene> {
  const key = await createSigningKey({ alg: algorithm });
  const mint = (claims: object = {}): Promise<string> =>
    createToken({ sub: "alice@example.org", aud: AUDIENCE, scope, ...claims }, { key, issuer: ISSUER, lifetime: HOUR });
  const good = await Promise.all(Array.from({ length: tokens }, () => mint()));
  return {
    algorithm,
    issuer: ISSUER,
    audience: AUDIENCE,
    publicJwk: key.publicJwk,
    publicKey: createPublicKey(key.privateKey),
    good,
    bad: {
      signature: withSignatureOf(await mint(), await mint()),
      audience: await mint({ aud: "https://other.example.org" }),
      issuer: await mint({ iss: "https://other.example.org" }),
      expired: await mint({ exp: 1 }),
    },
  };
}

function withSignatureOf(token: string, other: string): string {
  return token.slice(0, token.lastIndexOf(".")) + other.slice(other.lastIndexOf("."));
}
