// A token's text taken apart, nothing believed yet. RFC 7515 3.1 and 7.1, rules T1 and T2.
import { InvalidTokenError } from "../base/errors.js";
import { JsonError, parseJsonObject } from "../base/json.js";
import type { JsonObject } from "../base/json.js";
import { decodeCanonical } from "../base/base64url.js";
import type { KnownHeaders } from "./known-headers.js";

/** What a token says before anybody has checked that it may say so. */
export interface UnverifiedToken {
  readonly verified: false;
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** An unverified token with what its verification needs. Inside the core only. */
export interface DecodedToken extends UnverifiedToken {
  readonly raw: string;
  /** The header as it stands in the token. */
  readonly headerText: string;
  /** Where the last dot stands: before it the signed text, after it the signature. */
  readonly signatureAt: number;
  readonly signature: Uint8Array;
}

/** The default of `maxTokenBytes`. */
export const MAX_TOKEN_BYTES = 16_384;

/**
 * Reads a token without verifying it: to choose one, to show one. Never to grant anything.
 * @throws {InvalidTokenError} reason `malformed`
 * @example decodeUnverified(raw).claims["iss"]
 */
export function decodeUnverified(raw: string): UnverifiedToken {
  const { verified, header, claims } = decode(raw, MAX_TOKEN_BYTES);
  return { verified, header, claims };
}

/**
 * @param headers what other tokens' headers were read as: the same text says the same
 * @throws {InvalidTokenError} reason `malformed`
 */
export function decode(raw: string, maxTokenBytes: number, headers?: Pick<KnownHeaders, "get">): DecodedToken {
  if (typeof raw !== "string") throw malformed("expected the token as a string");
  if (raw.length > maxTokenBytes) throw malformed(`expected at most ${maxTokenBytes} bytes`);
  const payloadAt = raw.indexOf(".") + 1;
  const signatureAt = raw.indexOf(".", payloadAt);
  if (payloadAt === 0 || signatureAt === -1 || raw.includes(".", signatureAt + 1)) {
    throw malformed("expected three base64url segments, separated by dots");
  }
  const headerText = raw.slice(0, payloadAt - 1);
  const header = headers?.get(headerText) ?? readObject("header", headerText);
  const claims = readObject("payload", raw.slice(payloadAt, signatureAt));
  const signature = readBytes("signature", raw.slice(signatureAt + 1));
  return { verified: false, header, claims, raw, headerText, signatureAt, signature };
}

function readObject(name: string, text: string): JsonObject {
  const bytes = readBytes(name, text);
  try {
    return parseJsonObject(bytes, { duplicates: "refuse" });
  } catch (error) {
    if (error instanceof JsonError) throw malformed(`${name}: ${error.message}`);
    throw error;
  }
}

function readBytes(name: string, text: string): Uint8Array {
  const bytes = decodeCanonical(text);
  if (bytes === undefined || bytes.length === 0) throw malformed(`${name}: expected canonical base64url`);
  return bytes;
}

function malformed(message: string): InvalidTokenError {
  return new InvalidTokenError("malformed", message);
}
