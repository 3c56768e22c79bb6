// A hundred requests at once cost one verification for each distinct token among them (V3): counted, not timed.
import { enforcerFor } from "../contenders/ours.js";
import { countVerifications } from "../count-verifications.js";
import { asFromHeader } from "../contender.js";
import type { Table } from "../report/table.js";
import { createScene } from "../tokens.js";

const REQUESTS = 100;

export async function verifyOnce(): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const distinct of [1, 10, REQUESTS]) {
    const scene = await createScene("RS256", distinct);
    const requests = Array.from({ length: REQUESTS }, (_, i) => asFromHeader(scene.good[i % distinct] ?? ""));
    const verified = countVerifications();
    const enforcer = enforcerFor(scene);
    const tokens = await Promise.all(requests.map((raw) => enforcer.verify(raw)));
    verified.stop();
    if (new Set(tokens.map(({ id }) => id)).size !== distinct) throw new Error("expected every token's own answer");
    if (verified.count !== distinct) throw new Error(`expected ${distinct} verifications, counted ${verified.count}`);
    rows.push([`${REQUESTS} requests at once`, String(distinct), String(verified.count)]);
  }
  return {
    name: "flight-once",
    title: "First requests at once: verifications of signatures, counted",
    columns: ["", "distinct tokens", "signatures verified"],
    rows,
  };
}
