// An issuer that publishes many keys: the token's is the last one.
import { createScene } from "../tokens.js";
import type { Benchmark } from "./benchmark.js";
import { runByCount } from "./by-count.js";

export const keys: Benchmark = {
  name: "keys",
  run: () =>
    runByCount({
      name: "keys",
      title: "Many keys in the issuer's JWK set",
      counted: "keys",
      counts: [1, 10, 100],
      setting: async (count) => {
        const scene = await createScene("RS256", 100);
        const { issuer, publicJwk } = scene;
        // The same modulus by other names: keys are found by `kid`, and making a hundred would take a minute.
        const others = Array.from({ length: count - 1 }, (_, i) => ({ ...publicJwk, kid: `key-${i}` }));
        const jwks = { keys: [...others, { ...publicJwk }] };
        return { scene, options: { issuer: { issuer, jwks } }, path: "/store/x" };
      },
    }),
};
