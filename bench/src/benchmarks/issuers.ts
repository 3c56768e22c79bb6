// Many issuers trusted: the token is of the last one.
import type { IssuerOptions } from "@scitokens/core";
import { createScene } from "../tokens.js";
import type { Benchmark } from "./benchmark.js";
import { runByCount } from "./by-count.js";

export const issuers: Benchmark = {
  name: "issuers",
  run: () =>
    runByCount({
      name: "issuers",
      title: "Many issuers trusted",
      counted: "issuers",
      counts: [1, 10, 1000],
      setting: async (count) => {
        const scene = await createScene("RS256", 100);
        const jwks = { keys: [{ ...scene.publicJwk }] };
        const others = Array.from({ length: count - 1 }, (_, i): IssuerOptions => {
          return { issuer: `https://issuer-${i}.example.org`, jwks };
        });
        return { scene, options: { issuer: [...others, { issuer: scene.issuer, jwks }] }, path: "/store/x" };
      },
    }),
};
