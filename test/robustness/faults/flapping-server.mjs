// A protected Express application as a program, whose clock runs fast; tells its parent which keys it has, and how it fares.
import { createServer } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { problemDetails, scitokens } from "@scitokens/express";
import express from "express";

const { issuer, audience, started, speed, keys } = JSON.parse(process.argv[2]);
const counts = {};
const left = [];
for (const event of ["unhandledRejection", "uncaughtException", "warning"]) {
  process.on(event, (thrown) => left.push(`${event}: ${thrown instanceof Error ? thrown.stack : typeof thrown}`));
}

const auth = scitokens({
  issuer: { issuer, allowInsecureIssuer: true },
  audience,
  clock: () => started / 1000 + ((Date.now() - started) / 1000) * speed,
  keys,
  tokenCache: 200,
  onEvent(event) {
    const name = event.type === "refused" ? `refused ${event.code}` : event.type;
    counts[name] = (counts[name] ?? 0) + 1;
    // Said at the very moment: what is decided from now on is decided with these.
    if (event.type === "keys_fetched") process.send({ adopted: auth.enforcer.status()[0].keyIds, at: Date.now() });
  },
});

const app = express();
app.disable("x-powered-by");
app.get("/data", auth.protect({ scope: "read:/data" }), (_request, response) => response.send("data"));
app.use(problemDetails());
const server = createServer(app).listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

async function measure() {
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, rss } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo().filter((name) => !["TTYWrap", "PipeWrap"].includes(name)).length;
  return { heapUsed, rss, resources };
}

process.on("message", (asked) => {
  if (asked === "measure") void measure().then((measured) => process.send({ measured }));
  if (asked !== "end") return;
  const loop = { max: delay.max / 1e6, p99: delay.percentile(99) / 1e6 };
  process.send({ ended: { counts, left, loop } }, () => {
    process.disconnect();
    server.closeAllConnections();
    server.close();
  });
});
