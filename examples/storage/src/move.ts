// MOVE and COPY within this server: what is at one path gets to another, as a whole. RFC 4918 9.8, 9.9.
import { copyTree } from "./copy.js";
import { refuseArea, refuseDepth, refuseReplacing, refuseUnmet } from "./conditions.js";
import { answer } from "./exchange.js";
import type { Exchange } from "./exchange.js";
import { Failure } from "./failure.js";
import { isWithin } from "./path.js";
import { relocate } from "./place.js";
import type { Place } from "./place.js";

export async function move(exchange: Exchange): Promise<void> {
  const { storage, response } = exchange;
  const ends = endsOf(exchange, ["infinity"]);
  refuseArea(ends.source);
  const replaced = await storage.staging.slot((slot) =>
    storage.turns.change(() => ends.both((from, to) => relocate(from, to, slot.at("old")))),
  );
  answer(response, replaced ? 204 : 201);
}

export async function copy(exchange: Exchange): Promise<void> {
  const { storage, request, response } = exchange;
  const ends = endsOf(exchange, ["infinity", "0"]);
  await storage.turns.look(() => ends.both(async () => undefined));
  const replaced = await storage.staging.slot(async (slot) => {
    const made = await copyTree(storage, { source: ends.source, slot, deep: request.headers.depth !== "0" });
    return storage.turns.change(() => ends.both((_, to) => relocate(made, to, slot.at("old"))));
  });
  answer(response, replaced ? 204 : 201);
}

interface Ends {
  readonly source: string;
  /** Works at both, in the caller's turn, if the request may be carried out; says whether something is replaced. */
  readonly both: (work: (from: Place, to: Place) => Promise<void>) => Promise<boolean>;
}

function endsOf({ request, operation, storage }: Exchange, depths: readonly string[]): Ends {
  const { source, destination, path } = operation;
  const { overwrite = "T" } = request.headers;
  if (source === undefined || destination === undefined) throw new Failure(501); // an end on another server
  if (overwrite !== "T" && overwrite !== "F") throw new Failure(400);
  refuseArea(destination);
  // Into itself would never end; and what is replaced by a part of it would take that part with it.
  if (isWithin(source, destination) || isWithin(destination, source)) throw new Failure(403);
  const both: Ends["both"] = (work) =>
    storage.at(source, (from) =>
      storage.at(destination, async (to) => {
        if (from?.entry === undefined) throw new Failure(404);
        if (to === undefined) throw new Failure(409);
        refuseDepth(request, from.entry, depths);
        refuseReplacing(operation, to.entry);
        refuseUnmet(request, (path === source ? from : to).entry);
        if (to.entry !== undefined && overwrite === "F") throw new Failure(412);
        await work(from, to);
        return to.entry !== undefined;
      }),
    );
  return { source, both };
}
