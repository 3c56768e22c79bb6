// What to do next, for each reason of a refusal: sentences for the person whose token it is. docs/explain.md shows them.
import type { Reason } from "@scitokens/core";
import { inFlagWords } from "../trust/flag-words.js";
import { CLAIM_STEPS } from "./claim-steps.js";
import type { Adviser } from "./facts.js";
import { MALFORMED } from "./malformed.js";
import { ISSUERS_MATTER, quoted, quotedList } from "./phrases.js";
import { adviseOnScope } from "./scope-steps.js";
import { SIGNER_STEPS } from "./signer-steps.js";

export const NEXT_STEPS: Readonly<Record<Reason, Adviser>> = {
  ...SIGNER_STEPS,
  ...CLAIM_STEPS,

  malformed: ({ malformation = "opaque" }) => MALFORMED[malformation],

  scope_syntax: ({ message }) => ({
    because: `A scope of the token is not written as scopes must be, which makes the whole token invalid (${message}).`,
    next: [
      "Scopes for files need an absolute path: read:/ or storage.read:/data, not read alone, not read:data, no '..'. Ask for such ones.",
      ISSUERS_MATTER,
    ],
  }),

  capability: adviseOnScope,

  groups: adviseOnScope,

  base_path: ({ asked, trusted: { basePaths } }) => ({
    because: `The path ${quoted(asked?.path ?? "")} lies outside of the area of the token's issuer: ${quotedList(basePaths)}.`,
    next: ["Ask for a path inside of that area, or for a token of the issuer whose area it is."],
  }),

  method: () => ({
    because: "No scope allows this method.",
    next: ["Use GET, PUT, DELETE or another method that moves data."],
  }),

  invalid_path: ({ asked, message }) => {
    const [url, path = "/"] = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/[^?#]*)?/i.exec(asked?.path ?? "") ?? [];
    const advice =
      asked?.path?.startsWith("/") === true
        ? "Write the path as it is after all steps upwards: without '..', backslashes and control characters, also encoded ones."
        : url === undefined
          ? "Write the whole path, from the slash at its beginning."
          : `This is a URL. Give the path alone, as the server has it below its root: ${quoted(path.replace(/^\/+/, "/"))}.`;
    return {
      because: `No decision is made on this path (${message}): a server answers 400, whatever the token.`,
      next: [advice],
    };
  },

  missing_token: () => ({ because: "There is no token.", next: ["scitokens find says where one is looked for."] }),

  invalid_request: ({ message }) => ({ because: inFlagWords(message), next: [] }),
};
