// A hundred requests at once cost one verification for each distinct token among them (V3): counted, not timed.
import crypto from "node:crypto";
import { enforcerFor } from "../contenders/ours.js";
import { asFromHeader } from "../contender.js";
import type { Table } from "../report/table.js";
import { createScene } from "../tokens.js";

const REQUESTS = 100;

export async function countVerifications(): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const distinct of [1, 10, REQUESTS]) {
    const scene = await createScene("RS256", distinct);
    const requests = Array.from({ length: REQUESTS }, (_, i) => asFromHeader(scene.good[i % distinct] ?? ""));
    const counted = await countDuring(async () => {
      const enforcer = enforcerFor(scene);
      const tokens = await Promise.all(requests.map((raw) => enforcer.verify(raw)));
      if (new Set(tokens.map(({ id }) => id)).size !== distinct) throw new Error("expected every token's own answer");
    });
    if (counted !== distinct) throw new Error(`expected ${distinct} verifications, counted ${counted}`);
    rows.push([`${REQUESTS} requests at once`, String(distinct), String(counted)]);
  }
  return {
    name: "flight-once",
    title: "First requests at once: verifications of signatures, counted",
    columns: ["", "distinct tokens", "signatures verified"],
    rows,
  };
}

/** How often node:crypto verifies a signature meanwhile: the core has it from the same object. */
async function countDuring(run: () => Promise<void>): Promise<number> {
  const { verify } = crypto;
  let count = 0;
  crypto.verify = new Proxy(verify, {
    apply(target, self, given) {
      count += 1;
      return Reflect.apply(target, self, given) as unknown;
    },
  });
  try {
    await run();
  } finally {
    crypto.verify = verify;
  }
  return count;
}
