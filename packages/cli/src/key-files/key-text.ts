// A signing key as the text of a file, in the forms that programs read. RFC 7517, RFC 5208, RFC 5915, RFC 8017, interop 11.
import { createPublicKey } from "node:crypto";
import type { SigningKey } from "@scitokens/issuer";
import { Trouble } from "../exit.js";

export const PRIVATE_FORMATS = ["jwk", "jwks", "pkcs8", "sec1", "pkcs1"] as const;
export type PrivateFormat = (typeof PRIVATE_FORMATS)[number];

export const PUBLIC_FORMATS = ["jwks", "jwk", "spki"] as const;
export type PublicFormat = (typeof PUBLIC_FORMATS)[number];

/** @throws {Trouble} when keys of this kind have no such form */
export function privateText(key: SigningKey, format: PrivateFormat): string {
  const { privateKey } = key;
  switch (format) {
    case "jwk":
      return toText(privateJwk(key));
    case "jwks":
      return toText({ keys: [privateJwk(key)] });
    case "pkcs8":
      return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    case "sec1":
      if (privateKey.asymmetricKeyType !== "ec")
        throw new Trouble(`--format sec1 is for ES256, ES384 and ES512: ${key.alg} has pkcs8`);
      return privateKey.export({ type: "sec1", format: "pem" }).toString();
    case "pkcs1":
      if (privateKey.asymmetricKeyType !== "rsa")
        throw new Trouble(`--format pkcs1 is for RSA keys: ${key.alg} has pkcs8`);
      return privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  }
}

export function publicText(key: SigningKey, format: PublicFormat): string {
  if (format === "jwks") return toText({ keys: [key.publicJwk] });
  if (format === "jwk") return toText(key.publicJwk);
  return createPublicKey(key.privateKey).export({ type: "spki", format: "pem" }).toString();
}

function privateJwk({ privateKey, publicJwk }: SigningKey): object {
  return { ...publicJwk, ...privateKey.export({ format: "jwk" }) };
}

const toText = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;
