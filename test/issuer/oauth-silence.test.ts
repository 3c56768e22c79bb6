// An OAuth issuer prints nothing, even where its storage fails in the midst of an answer.
import { createServer } from "node:http";
import { expect, it, onTestFinished, vi } from "vitest";
import { createKeyRing, createKeys } from "../../packages/issuer/src/keys/key-ring.js";
import { checkOAuthOptions } from "../../packages/issuer/src/oauth/options.js";
import { createDesk } from "../../packages/issuer/src/oauth/provider/desk.js";
import { loadLibrary } from "../../packages/issuer/src/oauth/provider/load.js";
import { createMemory } from "../../packages/issuer/src/oauth/provider/memory-adapter.js";
import { createProvider } from "../../packages/issuer/src/oauth/provider/provider.js";
import { ASKED } from "../../packages/issuer/src/oauth/grants/asked.js";
import { closer, listen } from "../../packages/issuer/src/server/listen.js";

it("an error of the storage is a 500, and no word on the console", async () => {
  const said: unknown[] = [];
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...words) => void said.push(words)),
  );
  onTestFinished(() => spies.forEach((spy) => spy.mockRestore()));
  const server = createServer();
  onTestFinished(closer(server));
  const url = `http://127.0.0.1:${await listen(server, 0, "127.0.0.1")}`;
  const settings = checkOAuthOptions({ approve: "everyone" });
  const party = { issuer: url, keys: createKeyRing(await createKeys(["ES256"])), now: undefined, audience: [] };
  const desk = createDesk(party, settings);
  const failing = vi.fn<() => Promise<never>>(() => Promise.reject(new Error("a secret of the storage")));
  const memory = createMemory(() => 0);
  const adapter = (model: string) => ({ ...memory(model), findByUserCode: failing });
  const parts = { library: await loadLibrary(), settings, keys: party.keys, desk, party, adapter };
  const provider = createProvider({ ...parts, path: "", cookieKey: "x" });
  server.on("request", (request, response) => void provider.handle(request, response));

  const asked = { scope: "granted", [ASKED]: JSON.stringify({ scope: ["read:/"], audience: [] }) };
  const body = new URLSearchParams({ client_id: "demo", ...asked });
  const answer = await fetch(`${url}/device_authorization`, { method: "POST", body });
  expect(failing).toHaveBeenCalled();
  expect([answer.status, await answer.text()]).toEqual([500, "Internal Server Error"]);
  expect(said).toEqual([]);
});
