// Other libraries, each set to check algorithm, issuer, audience and times, with its key imported beforehand.
import { createVerifier } from "fast-jwt";
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
