// Texts out of few characters: those that mean something to what reads them.
import * as fc from "fast-check";

export function lettersOf(letters: string, maxLength = 12): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...letters.split("")), maxLength });
}
