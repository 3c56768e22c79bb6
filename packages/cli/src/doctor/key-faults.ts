// Why a key of a set cannot verify a token, in words; whether it can is the core's to say. RFC 7517 4, RFC 7518 6, rule I10.
import { isObject } from "../input/json-object.js";
import type { JsonObject } from "../input/json-object.js";
import { printable } from "../output/printable.js";

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
const CURVES: Readonly<Record<string, readonly string[]>> = { EC: ["P-256", "P-384", "P-521"], OKP: ["Ed25519"] };

/** The members that must never be published, of those that are there. */
export function privateMembers(entry: unknown): readonly string[] {
  return isObject(entry) ? PRIVATE_MEMBERS.filter((name) => Object.hasOwn(entry, name)) : [];
}

/** Whether the entry is meant for something else than signatures: no fault, and of no use to a server. */
export function isForEncryption(entry: unknown): boolean {
  return isObject(entry) && entry["use"] === "enc";
}

/** The fault of a key that the core does not take. */
export function faultOf(entry: unknown): string {
  if (!isObject(entry)) return "is no JSON object";
  const { kid, use, key_ops: operations, kty, alg } = entry;
  if (kid !== undefined && typeof kid !== "string") return "has a kid that is no string";
  if (use !== undefined && use !== "sig") return 'has a use other than "sig"';
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) {
    return 'has key_ops without "verify"';
  }
  return faultOfMaterial(entry, kty) ?? faultOfAlgorithm(alg);
}

function faultOfMaterial(entry: JsonObject, kty: unknown): string | undefined {
  if (kty === undefined) return "has no kty";
  if (kty === "RSA") return faultOfRsa(bytesOf(entry["n"]), bytesOf(entry["e"]));
  const curves = typeof kty === "string" && Object.hasOwn(CURVES, kty) ? CURVES[kty] : undefined;
  if (curves === undefined) return `has kty ${shown(kty)}: expected EC, RSA or OKP`;
  const { crv } = entry;
  if (typeof crv !== "string" || !curves.includes(crv)) return `has crv ${shown(crv)}: expected ${curves.join(", ")}`;
  const needed = kty === "EC" ? ["x", "y"] : ["x"];
  const missing = needed.find((name) => bytesOf(entry[name]) === undefined);
  return missing === undefined ? undefined : `has no ${missing} in base64url`;
}

function faultOfRsa(n: Uint8Array | undefined, e: Uint8Array | undefined): string | undefined {
  if (n === undefined || e === undefined) return "has no n or e in base64url";
  const bits = bitLength(n);
  if (bits < 2048) return `is an RSA key of ${bits} bits: expected 2048 at least`;
  if (bits > 8192) return `is an RSA key of ${bits} bits: expected 8192 at most`;
  const exponent = bitLength(e);
  const odd = ((e.at(-1) ?? 0) & 1) === 1;
  return odd && exponent >= 2 && exponent <= 64 ? undefined : "has an RSA exponent that no sound key has";
}

function faultOfAlgorithm(alg: unknown): string {
  return alg === undefined ? "cannot be used" : `has alg ${shown(alg)}, which does not fit its type`;
}

/** The algorithm that tokens of this key are signed with, as far as the key says. */
export function algorithmOf(entry: JsonObject): string {
  const { alg, kty, crv } = entry;
  if (typeof alg === "string") return printable(alg, 20);
  if (kty === "RSA") return "RS256";
  return { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" }[String(crv)] ?? "EdDSA";
}

function shown(value: unknown): string {
  return typeof value === "string" ? printable(value, 40) : "that is no string";
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (typeof value !== "string" || !/^[A-Za-z0-9_-]+={0,2}$/.test(value)) return undefined;
  return Buffer.from(value, "base64url");
}

function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24;
}
