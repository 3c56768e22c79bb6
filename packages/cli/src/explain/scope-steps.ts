// What to do about a good token that does not cover what is asked: by what keeps it from doing so. Rules S4 to S7.
import { audienceClaim, scopeClaims } from "../trust/unverified.js";
import type { Advice, Facts } from "./facts.js";
import { getNew, quoted, quotedList } from "./phrases.js";
import { scopeFor } from "./rights.js";

export function adviseOnScope(facts: Facts): Advice {
  const { asked, near, words, profile, trusted } = facts;
  if (asked === undefined) return { because: "No scope of the token covers it.", next: [] };
  const scope = scopeFor(asked, profile, trusted.basePaths);
  const what = asked.path === undefined ? asked.authz : `${asked.authz} on ${asked.path}`;
  const ask = getNew(`Ask for a token with the scope ${quoted(scope)}`, trusted, {
    audience: audienceClaim(words)[0],
    scope,
  });
  const held = scopeClaims(words);

  switch (near?.kind) {
    case "segment":
      return {
        because: `The token has ${quoted(near.scope)}, which covers that very path and what is below it. ${quoted(asked.path ?? "")} only begins with the same letters: a scope covers whole names between slashes.`,
        next: [ask],
      };
    case "slash":
      return {
        because: `The token has ${quoted(near.scope)}: with a slash at its end it means the directory's content, not ${quoted(asked.path ?? "")} itself.`,
        next: ["Ask for something inside of the directory; or get a scope without the slash at its end.", ask],
      };
    case "letter_case":
      return {
        because: `The token has ${quoted(near.scope)}, which differs from the path in capital letters: paths are compared letter by letter.`,
        next: ["Write the path as the scope does, if that is how the server names it.", ask],
      };
    case "encoded":
      return {
        because: `The path holds an escape (%) that was taken as it stands: here a path is given decoded.`,
        next: [`Give the path decoded, ${quoted(near.path)}: the token covers that.`],
      };
    case "bare":
      return {
        because: `The token has ${quoted(near.scope)} without a path. In a plain OAuth token that says nothing about files, so it covers no path.`,
        next: [ask],
      };
    case "other_right":
      return {
        because: `On this path the token allows ${quoted(near.right)}, which is another right than ${quoted(asked.authz)}.`,
        next: [...OTHER_RIGHTS.filter(([of]) => of.test(asked.authz)).map(([, sentence]) => sentence), ask],
      };
    case "misspelt":
      return {
        because: `${quoted(asked.authz)} is no right that is known; names of rights are compared letter by letter.`,
        next: [`Did you mean ${quoted(near.right)}? If the server has a right of that name all the same:`, ask],
      };
    case "other_name":
      return {
        because: `On this path the token allows ${quoted(near.right)}. That name belongs to the other kind of token, and is not translated in this one.`,
        next: [ask],
      };
    case "elsewhere":
      return {
        because: `The token allows ${quoted(asked.authz)}, but in another place: ${quoted(near.scope)}.`,
        next: [ask],
      };
    case "path_wanted":
      return {
        because: `The token has ${quoted(near.scope)}, which is about a path; what was asked for is the capability without one.`,
        next: ["Give a path after the capability's name."],
      };
    case "groups":
      return {
        because:
          "The token says which groups you belong to, and names no capability: what that allows, each server decides for itself.",
        next: [
          "Look up in the server's documentation which groups may do what; or get a token that names the capability.",
          ask,
        ],
      };
    case "no_scope":
      return { because: "The token has no scope: it says who you are, and allows nothing.", next: [ask] };
    default:
      return {
        because: `The token allows other things than ${quoted(what)}: it has ${quotedList(held)}.`,
        next: [ask],
      };
  }
}

const OTHER_RIGHTS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:write|modify|storage\.modify)$/,
    "To put a new file there, create is enough; to overwrite, rename or delete, write (storage.modify) is needed.",
  ],
  [/^(?:read|storage\.read)$/, "Nothing but read gives read: a token that may write or stage may still not read."],
];
