// What the libraries say of options, in the words of the command: they name options of functions, people type flags.
import { Trouble } from "../exit.js";

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/profiles: \['oauth'\]/g, "--profile oauth"],
  [/allowInsecureIssuer: true/g, "--allow-insecure-issuer"],
  [/\ballowInsecureIssuer\b/g, "--allow-insecure-issuer"],
  [/\ballowMissingAudience\b/g, "--allow-missing-audience"],
  [/\bclockTolerance\b/g, "--clock-tolerance"],
  [/\bjwksUri\b/g, "--jwks-uri"],
  [/\bpublicKey\b/g, "--public-key"],
  [/\bbasePath\b/g, "--base-path"],
  [/^(issuer|audience|jwks)(?=: )/g, "--$1"],
  [/^profiles(?=: )/g, "--profile"],
  [/^algorithms(?=: )/g, "--algorithm"],
  [/; null says (?:that )?(?:this server|it) has none/g, "; --no-audience says it has none"],
  [/; for one claim, a validator/g, ""],
];

/** The same sentence, its options spelt as flags. */
export function inFlagWords(sentence: string): string {
  return WORDS.reduce((text, [pattern, flag]) => text.replace(pattern, flag), sentence);
}

/** A TypeError of the core says what is wrong with an option or an argument. @throws {Trouble} that says so in flags */
export function asTrouble<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof TypeError) throw new Trouble(inFlagWords(error.message));
    throw error;
  }
}
