// What to do about a token of the right issuer whose claims are not as they must be. Rules C1 to C8, P1 to P4, T6, T7.
import type { TokenReason } from "@scitokens/core";
import { duration, moment } from "../output/times.js";
import { flagWith } from "../trust/shell-word.js";
import { audienceClaim, numberClaim, textClaim } from "../trust/unverified.js";
import type { Adviser } from "./facts.js";
import { askDoctor, getNew, ISSUERS_MATTER, quoted, quotedList } from "./phrases.js";

type ClaimReason = Exclude<
  TokenReason,
  "malformed" | "untrusted_issuer" | "header" | "algorithm" | "unknown_key" | "signature" | "scope_syntax"
>;

export const CLAIM_STEPS: Readonly<Record<ClaimReason, Adviser>> = {
  expired: ({ words, now, timeZone, trusted }) => {
    const exp = numberClaim(words, "exp");
    const scope = textClaim(words, "scope");
    return {
      because:
        exp === undefined ? "The token has expired." : `The token has expired: ${moment(exp, { now, timeZone })}.`,
      next: [
        getNew("Get a new token", trusted, { audience: trusted.audience[0], scope }),
        "For work that takes longer than a token lives: scitokens with -- COMMAND keeps one fresh while the command runs.",
        ...(exp !== undefined && now - exp < 600
          ? ["If it was issued just now, this machine's clock may be fast: compare it (date -u) with another one."]
          : []),
      ],
    };
  },

  not_yet_valid: ({ words, now, timeZone, trusted }) => {
    const from = Math.max(numberClaim(words, "nbf") ?? 0, numberClaim(words, "iat") ?? 0);
    const ahead = Math.ceil(from - now);
    return {
      because: `The token is good only from a time on that this machine's clock has not reached: ${moment(from, { now, timeZone })}.`,
      next: [
        askDoctor(
          `If it was issued just now, this machine's clock is slow by about ${duration(ahead)}, or the issuer's is fast. To see which`,
          trusted,
        ),
        "The administrators of the machine whose clock is wrong must mend that (chronyc tracking, timedatectl).",
        ...(ahead <= 600 ? [`To look at the token all the same: --clock-tolerance ${ahead}.`] : []),
      ],
    };
  },

  lifetime: ({ message }) => ({
    because: `The token lives longer than is allowed (${message}).`,
    next: ["Ask for a token with a shorter life."],
  }),

  profile: ({ words, message }) => {
    const ver = textClaim(words, "ver") ?? textClaim(words, "wlcg.ver");
    const [, name] = /^a ([\w-]+) token/.exec(message) ?? [];
    if (name !== undefined) {
      return {
        because: `This is a token of the profile ${name}, which was not asked for.`,
        next: [`To take it: --profile ${name}. Servers must be told, too.`],
      };
    }
    return {
      because: `The token does not say what kind of token it is, in a way that we know${ver === undefined ? "" : `: ${quoted(ver)}`} (${message}).`,
      next: [
        'Known are "scitoken:1.0" and "scitoken:2.0" in ver, and versions 1.x in wlcg.ver, with a kid in the header.',
        ISSUERS_MATTER,
      ],
    };
  },

  missing_claim: ({ message }) => ({
    because: `The token lacks something that every token of its kind must say (${message}).`,
    next: [
      ISSUERS_MATTER,
      "If it is the token of a plain OAuth issuer (Keycloak, CILogon, ...): --profile oauth. Servers must be told, too.",
    ],
  }),

  invalid_claim: ({ message }) => ({
    because: `The token says something in a form that it may not have (${message}).`,
    next: [ISSUERS_MATTER],
  }),

  unknown_claim: () => ({
    because: "The token has no ver, so it is read as SciTokens 1.0, which knows few claims; this one has others.",
    next: [
      "If it is the token of a plain OAuth issuer (Keycloak, CILogon, ...): --profile oauth. Servers must be told, too.",
      'If it is to be a SciToken, its issuer must add "ver": "scitoken:2.0".',
    ],
  }),

  token_type: () => ({
    because: "This is an ID token or a refresh token: it says who you are, and is not for a server that gives data.",
    next: ["Send the access_token of the issuer's answer, not its id_token or refresh_token."],
  }),

  sender_constrained: () => ({
    because: "The token is bound to a key of whoever got it (cnf), and cannot be used as a bearer token.",
    next: ["Ask the issuer for a plain bearer token: without DPoP, and without a client certificate."],
  }),

  audience: ({ words, trusted }) => {
    const { audience } = trusted;
    const says = audienceClaim(words);
    const wants = quotedList(audience);
    if (audience.length === 0) {
      return {
        because: `The token is for ${quotedList(says)}, and the server has no name (--no-audience).`,
        next: [`If that is the server's name: ${flagWith("--audience", says[0], "NAME")}`],
      };
    }
    const ask = getNew("Ask for a token for this server", trusted, { audience: audience[0] });
    if (says.length === 0) {
      return {
        because: `The token does not say which server it is for; this one is ${wants}.`,
        next: [
          ask,
          "SciTokens 1.0 tokens without aud can be taken: --allow-missing-audience. Servers must be told, too.",
        ],
      };
    }
    const spelling = says.some((name) => audience.some((own) => isAlmost(name, own)))
      ? " The two differ in spelling only (a slash at the end, http or https, a port, a capital): names are compared letter by letter."
      : "";
    return {
      because: `The token is for ${quotedList(says)}, and the server is ${wants}.${spelling}`,
      next: [
        ask,
        `If the server answers to that name too, its administrators can add it; here: ${flagWith("--audience", says[0], "NAME")}`,
      ],
    };
  },

  schema: ({ message }) => ({
    because: `The token's claims are not as they must be (${message}).`,
    next: [ISSUERS_MATTER],
  }),

  revoked: ({ trusted }) => ({
    because: "The token has been revoked.",
    next: [getNew("Get a new token", trusted)],
  }),
};

/** Two spellings that a person would take for one server. */
function isAlmost(a: string, b: string): boolean {
  const plain = (name: string): string =>
    name
      .toLowerCase()
      .replace(/^https?:\/\//, "")
      .replace(/:\d+(?=\/|$)/, "")
      .replace(/\/+$/, "");
  return plain(a) === plain(b);
}
