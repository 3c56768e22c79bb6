// MKCOL: a new directory. RFC 4918 9.3.
import { mkdir } from "node:fs/promises";
import { refuseUnmet } from "./conditions.js";
import { answer } from "./exchange.js";
import type { Exchange } from "./exchange.js";
import { Failure } from "./failure.js";

export async function makeCollection({ request, response, operation, storage }: Exchange): Promise<void> {
  const { headers } = request;
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  if (hasBody) throw new Failure(415); // it would mean something, which is not understood here
  await storage.turns.change(() =>
    storage.at(operation.path, async (place) => {
      if (place === undefined) throw new Failure(409);
      if (place.entry !== undefined) throw new Failure(405);
      refuseUnmet(request, undefined);
      await mkdir(place.parent.at(place.name));
    }),
  );
  answer(response, 201);
}
