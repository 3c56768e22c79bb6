// The checks of a token, in words. The core names them and makes them in this order.
import type { CheckName } from "@scitokens/core";

/** Those that a command line cannot ask for have no words, and are not shown. */
export const CHECK_WORDS: Readonly<Record<CheckName, string | undefined>> = {
  form: "is it written as a token?",
  issuer: "is its issuer trusted?",
  header: "is its header as it must be, and its algorithm taken?",
  key: "has the issuer the key that it was signed with?",
  signature: "is the signature that key's?",
  profile: "is it a kind of token that is taken?",
  claims: "does it say all that it must, as it must?",
  times: "is it good now?",
  audience: "is it for this server?",
  scopes: "are its scopes written as they must be?",
  schema: undefined,
  revocation: undefined,
  capability: "does one of its scopes cover the request?",
};
