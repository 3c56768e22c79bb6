// PUT: a file as a whole, new or in the place of another. RFC 9110 9.3.4.
import { refuseReplacing, refuseUnmet } from "./conditions.js";
import { answer } from "./exchange.js";
import type { Exchange } from "./exchange.js";
import { Failure } from "./failure.js";
import { placeIn, relocate } from "./place.js";
import type { Place } from "./place.js";
import { createFile } from "./upload.js";

export async function put(exchange: Exchange): Promise<void> {
  const { request, response, operation, storage, largest } = exchange;
  const { path } = operation;
  const { headers } = request;
  if (path.endsWith("/")) throw new Failure(405); // the name of a directory
  if (headers["content-range"] !== undefined) throw new Failure(400); // a part, which would become the whole
  if (Number(headers["content-length"]) > largest) throw new Failure(413);
  const admitted = async (place: Place | undefined): Promise<Place> => {
    if (place === undefined) throw new Failure(409);
    if (place.entry?.kind === "directory") throw new Failure(405);
    refuseReplacing(operation, place.entry);
    refuseUnmet(request, place.entry);
    return place;
  };
  // Before the first byte too: nobody need send gigabytes for a 412.
  await storage.turns.look(() => storage.at(path, admitted));
  const { replaced, etag } = await storage.staging.slot(async (slot) => {
    await createFile({ parent: slot, name: "new" }, bodyOf(exchange));
    const from = await placeIn(slot, "new");
    return storage.turns.change(() =>
      storage.at(path, async (place) => {
        const to = await admitted(place);
        await relocate(from, to, slot.at("old"));
        return { replaced: to.entry !== undefined, etag: from.entry?.etag ?? "" };
      }),
    );
  });
  answer(response.setHeader("ETag", etag), replaced ? 204 : 201);
}

/** The whole of it: one that breaks off throws. The connection stays open for an answer, whatever becomes of the upload. */
export async function* bodyOf({ request, response, largest, patience }: Exchange): AsyncGenerator<Uint8Array> {
  // Whoever waits for leave to send gets it now that the token, and what is there, have been looked at.
  if (request.headers.expect !== undefined) response.writeContinue();
  request.setTimeout(patience * 1000);
  let received = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > largest) throw new Failure(413);
    yield chunk;
  }
  request.setTimeout(0); // the disk may take its time
  if (!request.complete) throw new Failure(400);
}
