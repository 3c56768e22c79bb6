// A great many distinct signed tokens, kept as bytes outside of the heap that is measured.
import { randomUUID, sign } from "node:crypto";
import { createSigningKey, createToken } from "@scitokens/issuer";
import type { SigningKey } from "@scitokens/issuer";
import { AUDIENCE, ISSUER, SCOPE } from "../tokens.js";
import type { Algorithm } from "../tokens.js";

export interface ManyTokens {
  readonly publicJwk: SigningKey["publicJwk"];
  readonly count: number;
  readonly characters: number;
  /** A new string each time, cut from a header, as a server has it. */
  raw(index: number): string;
}

/** What an RS256 token of these claims has more than an ES256 one: the difference of the signatures, in a claim's bytes. */
const PADDING = ((342 - 86) * 3) / 4 - '"note":"",'.length;

/**
 * Signs one after the other. A million RS256 signatures would take a quarter of an hour: where so many are wanted they are
 * ES256, and a claim makes the token as long, which is kept twice, as text and as a claim, and so rather counts too much.
 */
export async function mintMany(algorithm: Algorithm, count: number): Promise<ManyTokens> {
  const key = await createSigningKey({ alg: algorithm });
  const note = algorithm === "ES256" ? { note: "n".repeat(PADDING) } : {};
  const first = await createToken(
    { sub: "alice@example.org", aud: AUDIENCE, scope: SCOPE, jti: randomUUID(), ...note },
    { key, issuer: ISSUER, lifetime: 2 * 3600 },
  );
  const [header = "", payload = ""] = first.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
  const characters = first.length;
  const line = "Bearer ".length + characters;
  const bytes = Buffer.alloc(count * line);
  for (let i = 0; i < count; i++) {
    const own = Buffer.from(JSON.stringify({ ...claims, jti: randomUUID() })).toString("base64url");
    const signature = sign("sha256", Buffer.from(`${header}.${own}`), {
      key: key.privateKey,
      dsaEncoding: "ieee-p1363",
    });
    const written = bytes.write(`Bearer ${header}.${own}.${signature.toString("base64url")}`, i * line, "latin1");
    if (written !== line) throw new Error("expected tokens of one length");
  }
  return {
    publicJwk: key.publicJwk,
    count,
    characters,
    raw: (index) => bytes.toString("latin1", index * line, (index + 1) * line).slice("Bearer ".length),
  };
}
