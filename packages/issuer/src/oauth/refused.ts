// A request that OAuth refuses, before it has the shape of an answer. RFC 6749 4.1.2.1 and 5.2, RFC 8707 2.
/** What a client did wrong, in the words of the standards. */
export type RefusalCode =
  | "invalid_scope"
  | "invalid_target"
  | "invalid_request"
  | "invalid_grant"
  | "unauthorized_client"
  | "access_denied";

/** Thrown inside, and written as `error` and `error_description` at the door to the provider. */
export class Refused extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, sentence: string) {
    super(sentence);
    this.name = "Refused";
    this.code = code;
  }
}

/** A client's word as it may be repeated to it: what RFC 6749 lets an error_description hold, and not too much of it. */
export function quote(word: string): string {
  return /^[\x21\x23-\x5B\x5D-\x7E]{1,200}$/.test(word) ? `'${word}'` : "a value that cannot be repeated here";
}
