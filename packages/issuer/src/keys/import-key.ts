// A private key from PEM (PKCS#8, SEC1, PKCS#1) or a JWK. RFC 7468, RFC 5915, RFC 8017 A.1.2, RFC 7517, interop 2 and 11.
import { createPrivateKey, createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { checkNames, isRecord, nonEmptyString, OptionError } from "../options.js";
import { algorithmsOf, parseAlgorithm, signBytes, verifyBytes } from "./algorithms.js";
import type { SigningAlgorithm } from "./algorithms.js";
import { wrapPrivateKey } from "./signing-key.js";
import type { SigningKey, SigningKeyOptions } from "./signing-key.js";

const PRIVATE_BLOCK = /-----BEGIN ((?:EC |RSA )?PRIVATE KEY)-----[\s\S]*?-----END \1-----/;

/** A private JWK: EC, RSA with all its factors, or OKP (Ed25519); padding of its base64url, as the Python key tool writes it, is tolerated (interop 2). */
export type PrivateJwk = Readonly<Record<string, unknown>>;

/**
 * Reads a private key from PEM text (PKCS#8, `EC PRIVATE KEY`, `RSA PRIVATE KEY`) or from a private JWK.
 *
 * Throws a TypeError for a public, symmetric or encrypted key, for RSA outside 2048 to 8192 bits, for a kind of
 * key that does not sign, and where `alg` does not fit.
 * @example const key = await importSigningKey(await readFile('issuer.pem', 'utf8'), { alg: 'RS256' });
 */
export async function importSigningKey(
  source: string | PrivateJwk,
  options: SigningKeyOptions = {},
): Promise<SigningKey> {
  checkNames(options, ["alg", "kid"], "option");
  const said = isRecord(source) ? describe(source) : {};
  const privateKey = typeof source === "string" ? readPem(source) : readJwk(source);
  const alg = chooseAlgorithm(privateKey, options.alg, said.alg);
  const kid = options.kid ?? said.kid;
  await checkHalves(privateKey, alg);
  return wrapPrivateKey(privateKey, alg, kid === undefined ? undefined : nonEmptyString(kid, "kid"));
}

// What a JWK says about its own use. RFC 7517 4.2-4.5.
function describe(jwk: PrivateJwk): { readonly alg?: unknown; readonly kid?: unknown } {
  if (jwk.use !== undefined && jwk.use !== "sig")
    throw new OptionError("the JWK's use is not 'sig': it is not for signing");
  if (Array.isArray(jwk.key_ops) && !jwk.key_ops.includes("sign"))
    throw new OptionError("the JWK's key_ops lack 'sign': it is not for signing");
  return { alg: jwk.alg, kid: jwk.kid };
}

function readPem(text: string): KeyObject {
  const block = PRIVATE_BLOCK.exec(text)?.[0]; // openssl ecparam writes EC PARAMETERS before it
  if (block === undefined) throw new OptionError(whyNotPem(text));
  if (block.includes("ENCRYPTED")) throw new OptionError(ENCRYPTED);
  return parseKey(() => createPrivateKey(block), "the PEM text is damaged: no private key could be read from it");
}

const ENCRYPTED = "the private key is encrypted: decrypt it first ('openssl pkey -in encrypted.pem -out key.pem')";

function whyNotPem(text: string): string {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----/.test(text)) return ENCRYPTED;
  if (/-----BEGIN OPENSSH PRIVATE KEY-----/.test(text))
    return "the key is in OpenSSH's own form: PKCS#8, SEC1 or PKCS#1 PEM is needed";
  if (/-----BEGIN (?:(?:RSA )?PUBLIC KEY|CERTIFICATE)-----/.test(text))
    return "this is a public key: a private key is needed to sign";
  if (text.trimStart().startsWith("{")) return "this is JSON text: parse it first and give the JWK as an object";
  return "no PEM private key found: PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY is needed";
}

function readJwk(source: unknown): KeyObject {
  if (!isRecord(source)) throw new OptionError("a key must be PEM text or a JWK object");
  if (Array.isArray(source.keys)) throw new OptionError("this is a key set: give one JWK of it");
  if (source.kty === "oct")
    throw new OptionError("this is a symmetric key: tokens are signed with RSA, EC or Ed25519 keys");
  if (source.kty !== undefined && source.d === undefined)
    throw new OptionError("this is a public key (no 'd'): a private key is needed to sign");
  const damaged =
    "the JWK is not a private key: an EC, an Ed25519 or an RSA key with n, e, d, p, q, dp, dq, qi is needed";
  return parseKey(() => createPrivateKey({ key: { ...source }, format: "jwk" }), damaged);
}

// The cause is left out: OpenSSL's text helps nobody and might hold a part of the input.
function parseKey(parse: () => KeyObject, sentence: string): KeyObject {
  try {
    return parse();
  } catch {
    throw new OptionError(sentence);
  }
}

function chooseAlgorithm(key: KeyObject, asked: unknown, said: unknown): SigningAlgorithm {
  const possible = algorithmsOf(key);
  const [standard] = possible;
  if (standard === undefined)
    throw new OptionError("the key is of another kind than RSA, EC (P-256, P-384, P-521) or Ed25519");
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 2048;
  if (bits < 2048 || bits > 8192) throw new OptionError(`the RSA key has ${bits} bits: 2048 to 8192 are needed (I10)`);
  const alg = parseAlgorithm(asked ?? said ?? standard);
  if (!possible.includes(alg))
    throw new OptionError(`alg ${alg} does not fit the key: it can be ${possible.join(", ")}`);
  if (said !== undefined && said !== alg)
    throw new OptionError(`the JWK says another alg than ${alg}: change one of them`);
  return alg;
}

// Node takes a JWK whose public half belongs to another key; its tokens would verify nowhere.
async function checkHalves(key: KeyObject, alg: SigningAlgorithm): Promise<void> {
  const probe = new TextEncoder().encode("probe");
  const mismatch = "the key's public half does not belong to its private half";
  const signature = await signBytes(alg, key, probe).catch(() => undefined);
  if (signature === undefined || !verifyBytes(alg, createPublicKey(key), probe, signature))
    throw new OptionError(mismatch);
}
