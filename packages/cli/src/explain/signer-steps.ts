// What to do about a token whose issuer, key or signature is not as it must be. Rules I1, I7, I9, T3 to T6.
import type { TokenReason } from "@scitokens/core";
import { flagWith } from "../trust/shell-word.js";
import { textClaim } from "../trust/unverified.js";
import type { Adviser } from "./facts.js";
import { askDoctor, getNew, ISSUERS_MATTER, quoted, quotedList } from "./phrases.js";

type SignerReason =
  | Extract<TokenReason, "untrusted_issuer" | "header" | "algorithm" | "unknown_key" | "signature">
  | "issuer_unavailable";

export const SIGNER_STEPS: Readonly<Record<SignerReason, Adviser>> = {
  untrusted_issuer: ({ words, trusted }) => {
    const { issuer } = trusted;
    const says = textClaim(words, "iss");
    if (says === undefined) return { because: "The token does not say who issued it.", next: [ISSUERS_MATTER] };
    const because = `The token comes from ${quoted(says)}, and only ${quoted(issuer)} is trusted.`;
    const trustIt = `If ${quoted(says)} is the issuer you mean, say it as the token does: ${flagWith("--issuer", says, "URL")}`;
    if (isSameButSlash(says, issuer)) {
      return {
        because: `${because} The two differ by a slash at the end: issuers are compared letter by letter.`,
        next: [`${trustIt}. A server that refuses the token must be configured with that spelling, too.`],
      };
    }
    return {
      because,
      next: [
        getNew(`Get a token from ${quoted(issuer)}`, trusted),
        `${trustIt}. Whether a server trusts it, its administrators decide.`,
      ],
    };
  },

  header: ({ message }) => ({
    because: `The header of the token says what no server may accept (${message}).`,
    next: [
      "Look whether this is the access token, and not one for another use (an ID token, a logout token).",
      ISSUERS_MATTER,
    ],
  }),

  algorithm: ({ words, message }) => {
    const alg = words?.header["alg"];
    const name = typeof alg === "string" ? quoted(alg) : "none that could be read";
    const never = typeof alg !== "string" || /^(?:none|HS\d+)$/i.test(alg);
    return {
      because: `The token's signature algorithm is ${name} (${message}).`,
      next: never
        ? ["Such a token proves nothing: anybody could have made it. Get one that is signed with RS256 or ES256."]
        : [`If the issuer signs so on purpose: ${flagWith("--algorithm", alg, "ALG")}. Servers must be told, too.`],
    };
  },

  unknown_key: ({ words, keys, trusted }) => {
    const kid = words?.header["kid"];
    const signer = typeof kid === "string" ? `the key ${quoted(kid)}` : "a key that it does not name";
    const has = keys === undefined || keys.keyIds.length === 0 ? "no key that could be used" : quotedList(keys.keyIds);
    return {
      because: `The token was signed with ${signer}; of the issuer's keys we have ${has}.`,
      next: [
        getNew("If the token is some hours old, the issuer may have new keys since: get a new token", trusted),
        keys?.state === "static"
          ? "The keys come from the file that you gave: it may be an old one, or another issuer's. Leave it out to ask the issuer."
          : askDoctor(
              "If the token is new, the issuer does not publish the key that it signs with. To see what it publishes",
              trusted,
            ),
      ],
    };
  },

  signature: ({ keys, trusted }) => ({
    because:
      "The signature does not fit: the token was changed after it was signed, or another than the issuer signed it.",
    next: [
      "Copy the token again, whole: one changed letter is enough.",
      keys?.state === "static"
        ? "Look whether the key that you gave is the issuer's own, and the newest."
        : askDoctor(
            "If it comes so from the issuer, the issuer publishes a wrong key. To see what it publishes",
            trusted,
          ),
      "If nobody can say where the token comes from, treat it as forged.",
    ],
  }),

  issuer_unavailable: ({ keys, trusted }) => {
    const error = keys?.lastError;
    return {
      because: `The issuer's keys could not be had, so the token was not judged: it may be good.${error === undefined ? "" : ` What happened: ${error}.`}`,
      next: [
        ...(error !== undefined && /certificate|CERT|self.signed|issuer cert/i.test(error)
          ? [
              "If the issuer's certificate is of a private CA: --ca-file PEM, or NODE_EXTRA_CA_CERTS in the environment.",
            ]
          : []),
        askDoctor("Try again in a minute. To see what is wrong with the issuer", trusted),
        "With the issuer's keys in a file (its JWK set), no network is needed: --jwks FILE.",
      ],
    };
  },
};

function isSameButSlash(a: string, b: string): boolean {
  return a !== b && a.replace(/\/$/, "") === b.replace(/\/$/, "");
}
