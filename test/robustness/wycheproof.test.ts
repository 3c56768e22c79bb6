// Wycheproof's JWS and JWK vectors, where their folder is named: WYCHEPROOF_DIR=.../testvectors_v1 npm test -- wycheproof
import { describe, expect, it } from "vitest";
import { ALGORITHMS, DEFAULT_ALGORITHMS } from "../../packages/core/src/base/algorithms.js";
import { createSignatureVerifier } from "../../packages/core/src/jwt/verify-signature.js";
import { isVerified, readVectors, refusalOf } from "./wycheproof.js";
import type { WycheproofVector } from "./wycheproof.js";

const folder = process.env["WYCHEPROOF_DIR"];
const why = folder === undefined ? ", skipped: WYCHEPROOF_DIR does not name their folder testvectors_v1" : "";

const files = ["json_web_signature_test.json", "json_web_key_test.json"];
const lists = { "the default algorithms": DEFAULT_ALGORITHMS, "every algorithm": ALGORITHMS };
const backends = { "node:crypto": createSignatureVerifier(), WebCrypto: createSignatureVerifier(null) };

const runs = Object.entries(lists).flatMap(([list, algorithms]) =>
  Object.entries(backends).map(([backend, signatures]) => ({ list, algorithms, backend, signatures })),
);

describe.skipIf(folder === undefined)(`Wycheproof's vectors${why}`, () => {
  describe.each(files)("%s", (file) => {
    it.each(runs)("verifies no invalid one, with $list, by $backend (T1, T3, T5, I10)", async (trust) => {
      const vectors = readVectors(folder ?? "", file).filter(({ isValid }) => !isValid);
      expect(vectors.length).toBeGreaterThan(15);
      expect(await verifiedOf(vectors, trust)).toEqual([]);
    });

    it.each(runs)("verifies each valid one that the rules allow, with $list, by $backend (T1, T3)", async (trust) => {
      const vectors = readVectors(folder ?? "", file).filter(({ isValid }) => isValid);
      const allowed = vectors.filter((vector) => refusalOf(vector, trust.algorithms) === undefined);
      expect(allowed.length).toBeGreaterThan(0);
      expect(await verifiedOf(vectors, trust)).toEqual(allowed.map(({ name }) => name));
    });
  });
});

async function verifiedOf(
  vectors: readonly WycheproofVector[],
  trust: Parameters<typeof isVerified>[1],
): Promise<readonly string[]> {
  const verified: string[] = [];
  for (const vector of vectors) if (await isVerified(vector, trust)) verified.push(vector.name);
  return verified;
}
