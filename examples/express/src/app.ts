// A data service like GWDataFind, which tells analysts where the data of gravitational-wave detectors are.
import { problemDetails, scitokens, scope } from "@scitokens/express";
import type { ProtectOptions } from "@scitokens/express";
import express from "express";
import type { Express } from "express";
import { frames } from "./frames.js";

/** Who is trusted, and who this service is; the routes add what they ask for. */
export function createApp(trust: ProtectOptions): Express {
  const auth = scitokens(trust);
  const app = express();

  // Open to everybody.
  app.get("/", (_request, response) => {
    response.json({ service: "frames", try: ["/api/v1/gwf.json", "/frames/H1/H-H1_HOFT-1187008882-4096.gwf"] });
  });

  // The catalogue: one capability, no path.
  app.get("/api/v1/gwf.json", auth.protect({ scope: "gwdatafind.read" }), (request, response) => {
    response.json({ observatories: [...frames.keys()], for: auth.token(request).subject });
  });

  // The data: the token must cover the very path that is asked for.
  const readFrame = auth.protect({
    scope: ({ params }) => scope`read:/frames/${params["observatory"]}/${params["file"]}`,
  });
  app.get("/frames/:observatory/:file", readFrame, (request, response) => {
    const frame = frames.get(request.params.observatory)?.get(request.params.file);
    if (frame === undefined) response.status(404).json({ error: "no such frame" });
    else response.type("text").send(frame);
  });

  app.use(problemDetails());
  return app;
}
