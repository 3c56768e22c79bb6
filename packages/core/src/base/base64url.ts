// Strict base64url: no padding, no white space, no bits beyond the last byte. RFC 7515 2, RFC 4648 3.5, rule T1.
import { builtin } from "./builtin.js";

interface BufferModule {
  readonly Buffer: {
    from(text: string, encoding: "base64url"): Uint8Array & { toString(encoding: "base64url"): string };
  };
}

const nodeBuffer = builtin<BufferModule>("node:buffer")?.Buffer;

/**
 * The bytes that a text is the one spelling of; undefined when it is a second one, or none. A second spelling of a good
 * signature would be a second text of the same token. Decoders forgive much, each something else: what they made of the
 * text is written again, and must be the text.
 */
export function decodeCanonical(text: string): Uint8Array | undefined {
  if (nodeBuffer !== undefined) {
    const bytes = nodeBuffer.from(text, "base64url");
    return bytes.toString("base64url") === text ? bytes : undefined;
  }
  try {
    const binary = decodeBinary(text);
    const written = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    return written === text ? toBytes(binary) : undefined;
  } catch {
    return undefined; // atob forgives less
  }
}

/** The bytes of base64url whose characters are known to be in the alphabet. */
export function decodeBase64url(text: string): Uint8Array {
  return nodeBuffer?.from(text, "base64url") ?? toBytes(decodeBinary(text));
}

function decodeBinary(text: string): string {
  return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
}

function toBytes(binary: string): Uint8Array {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
