// Strict base64url: no padding, no white space, no bits beyond the last byte. RFC 7515 2, RFC 4648 3.5, rule T1.
import { builtin } from "./builtin.js";

interface BufferModule {
  readonly Buffer: { from(text: string, encoding: "base64url"): Uint8Array };
}

const nodeBuffer = builtin<BufferModule>("node:buffer")?.Buffer;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * Whether `text`, whose characters are all in the alphabet, is the one spelling of its bytes. A second spelling of a
 * good signature would be a second text of the same token.
 */
export function isCanonical(text: string): boolean {
  const rest = text.length % 4;
  if (rest === 0) return true;
  if (rest === 1) return false;
  const unusedBits = rest === 2 ? 0b1111 : 0b11;
  return (ALPHABET.indexOf(text.charAt(text.length - 1)) & unusedBits) === 0;
}

/** The bytes of canonical base64url. */
export function decodeBase64url(text: string): Uint8Array {
  if (nodeBuffer !== undefined) return nodeBuffer.from(text, "base64url");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
