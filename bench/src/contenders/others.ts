// Other libraries, each set to check algorithm, issuer, audience and times, with its key imported beforehand.
import { JwtVerifier } from "aws-jwt-verify";
import { createVerifier } from "fast-jwt";
import { verify as honoVerify, verifyWithJwks } from "hono/jwt";
import { importJWK, jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";
import type { webcrypto } from "node:crypto";
import { asynchronous, synchronous } from "../contender.js";
import type { Contender } from "../contender.js";
import type { Scene } from "../tokens.js";

export async function joseJwt(scene: Scene): Promise<Contender> {
  const { algorithm, issuer, audience } = scene;
  const key = await joseKey(scene);
  const options = { algorithms: [algorithm], issuer, audience };
  return asynchronous("jose, jwtVerify", {
    verify: (token) => jwtVerify(token, key, options),
    jti: ({ payload }) => payload.jti,
  });
}

export async function joseKey({ algorithm, publicJwk }: Scene): Promise<webcrypto.CryptoKey> {
  const key = await importJWK({ ...publicJwk }, algorithm);
  if (key instanceof Uint8Array) throw new Error("expected a public key");
  return key;
}

export function fastJwt(scene: Scene): Contender {
  return fastJwtVerifier("fast-jwt", scene, false);
}

export function fastJwtCached(scene: Scene): Contender {
  return fastJwtVerifier("fast-jwt, cache: true", scene, true);
}

function fastJwtVerifier(name: string, scene: Scene, cache: boolean): Contender {
  const { algorithm, issuer, audience, publicKey } = scene;
  const verify = createVerifier({
    key: publicKey.export({ type: "spki", format: "pem" }).toString(),
    algorithms: [algorithm],
    allowedIss: issuer,
    allowedAud: audience,
    cache,
  });
  return synchronous(name, {
    verify: (token) => verify(token) as { readonly jti?: unknown },
    jti: (claims) => claims.jti,
  });
}

export function jsonWebToken({ algorithm, issuer, audience, publicKey }: Scene): Contender {
  const options = { algorithms: [algorithm], issuer, audience };
  return synchronous("jsonwebtoken", {
    verify: (token) => jsonwebtoken.verify(token, publicKey, options),
    jti: (claims) => (typeof claims === "string" ? undefined : claims.jti),
  });
}

/** Synchronously, which is its faster way; its keys given, so that it never fetches. */
export function awsJwtVerify({ issuer, audience, publicJwk }: Scene): Contender {
  const verifier = JwtVerifier.create({ issuer, audience });
  verifier.cacheJwks({ keys: [{ ...publicJwk }] });
  return synchronous("aws-jwt-verify, verifySync", {
    verify: (token) => verifier.verifySync(token),
    jti: (claims) => claims.jti,
  });
}

/** With a key that has been imported. */
export async function honoJwt(scene: Scene): Promise<Contender> {
  const { algorithm: alg, issuer: iss, audience: aud } = scene;
  const key = await joseKey(scene);
  return asynchronous("hono, verify", {
    verify: (token) => honoVerify(token, key, { alg, iss, aud }),
    jti: (claims) => claims["jti"],
  });
}

/** As its middleware `jwk` does it: the key is imported for each token. */
export function honoJwk({ algorithm, issuer: iss, audience: aud, publicJwk }: Scene): Contender {
  const options = { keys: [{ ...publicJwk }], verification: { iss, aud }, allowedAlgorithms: [algorithm] };
  return asynchronous("hono, verifyWithJwks", {
    verify: (token) => verifyWithJwks(token, options),
    jti: (claims) => claims["jti"],
  });
}
