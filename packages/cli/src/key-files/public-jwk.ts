// The public half of a key, as it stands in a JWK set: members by name, so that no private one can slip in. RFC 7517, RFC 7638.
import { createHash, createPublicKey } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { Trouble } from "../exit.js";
import type { KeySource } from "./parse-key-file.js";

export type PublicJwk = Readonly<Record<string, string>>;

/** The members that make a key, in the order of the thumbprint. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ["crv", "kty", "x", "y"],
  OKP: ["crv", "kty", "x"],
  RSA: ["e", "kty", "n"],
};

const PUBLIC_MEMBERS = ["kty", "crv", "x", "y", "n", "e"];

/** The algorithm that a curve leaves no choice of. An RSA key can have several. */
const ALG_OF_CURVE: Readonly<Record<string, string>> = {
  "P-256": "ES256",
  "P-384": "ES384",
  "P-521": "ES512",
  Ed25519: "EdDSA",
};

/**
 * Makes the entry of a set from a public or private key, or a certificate.
 * @param name what the key is called in messages
 * @throws {Trouble} for what is no key that signs tokens
 */
export function publicJwk(source: KeySource, name: string): PublicJwk {
  const said = typeof source === "string" ? {} : source;
  if (said["kty"] === "oct") throw new Trouble(`${name}: a symmetric key has no public half`);
  const key = importPublic(source, name);
  const exported = Object.entries(key.export({ format: "jwk" })).map(
    ([member, value]) => [member, text(value)] as const,
  );
  const own = new Map(exported);
  const members = MEMBERS[own.get("kty") ?? ""];
  const curve = own.get("crv");
  if (members === undefined || (curve !== undefined && ALG_OF_CURVE[curve] === undefined)) {
    throw new Trouble(`${name}: expected an RSA, EC (P-256, P-384, P-521) or Ed25519 key`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && (bits < 2048 || bits > 8192)) {
    throw new Trouble(`${name}: an RSA key of ${bits} bits: verifiers take 2048 to 8192`);
  }
  const bare = Object.fromEntries(members.map((member) => [member, own.get(member) ?? ""]));
  const alg = text(said["alg"]) ?? ALG_OF_CURVE[curve ?? ""];
  return { ...bare, kid: text(said["kid"]) ?? thumbprint(bare), ...(alg !== undefined && { alg }), use: "sig" };
}

/** Two entries with one thumbprint are one key, whatever they are called. */
export function thumbprint(jwk: Readonly<Record<string, string>>): string {
  const members = MEMBERS[jwk["kty"] ?? ""] ?? [];
  const canonical = JSON.stringify(Object.fromEntries(members.map((member) => [member, jwk[member]])));
  return createHash("sha256").update(canonical).digest("base64url");
}

function importPublic(source: KeySource, name: string): KeyObject {
  try {
    if (typeof source === "string") return createPublicKey(source);
    const members = PUBLIC_MEMBERS.map((member) => [member, text(source[member])] as const);
    const given = members.filter(([, value]) => value !== undefined);
    return createPublicKey({ key: Object.fromEntries(given) as JsonWebKey, format: "jwk" }); // it looks for itself
  } catch {
    // OpenSSL's own words help nobody, and might hold a part of the input.
    const encrypted = typeof source === "string" && source.includes("ENCRYPTED");
    throw new Trouble(
      `${name}: ${encrypted ? "the key is encrypted: decrypt it first (openssl pkey)" : "no key could be read"}`,
    );
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
