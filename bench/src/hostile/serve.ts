// One contender's server in a process of its own: `serve.js NAME`, which tells its port to whoever started it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contenders } from "./contenders.js";
import { meta } from "./corpus.js";

const start = contenders[process.argv[2] ?? ""];
if (start === undefined) throw new Error(`expected one of ${Object.keys(contenders).join(", ")}`);

const keys = createServer((_request, response) => {
  response.setHeader("Content-Type", "application/json").end(JSON.stringify(meta.jwks));
});
keys.listen(0, "127.0.0.1", () => {
  const { port } = keys.address() as AddressInfo;
  start(`http://127.0.0.1:${port}/jwks`).then(
    (own) => process.send?.(own),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
