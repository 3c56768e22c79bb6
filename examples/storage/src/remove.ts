// DELETE: a file, or a directory with all that is below it. RFC 4918 9.6.
import { rename } from "node:fs/promises";
import { refuseArea, refuseDepth, refuseUnmet } from "./conditions.js";
import { answer } from "./exchange.js";
import type { Exchange } from "./exchange.js";
import { Failure } from "./failure.js";

/** Out of the files in one step, with all that is below; taken apart only then. */
export async function remove({ request, response, operation, storage }: Exchange): Promise<void> {
  const { path } = operation;
  refuseArea(path);
  await storage.staging.slot((slot) =>
    storage.turns.change(() =>
      storage.at(path, async (place) => {
        if (place?.entry === undefined) throw new Failure(404);
        refuseDepth(request, place.entry);
        refuseUnmet(request, place.entry);
        await rename(place.parent.at(place.name), slot.at("old"));
      }),
    ),
  );
  answer(response, 204);
}
