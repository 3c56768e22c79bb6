// What the docs say of keys outside the process, of configuration and of logs really runs: each example, as it stands there.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Enforcer } from "@scitokens/core";
import { directoryKeyStore } from "@scitokens/core/node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { root } from "../structure/sources.js";
import { runDocsExample } from "../support/docs-example.js";
import type { Names } from "../support/docs-example.js";
import { AUDIENCE, createNetwork, goodToken, ISSUER, publish } from "../support/scripted-issuer.js";
import type { Network } from "../support/scripted-issuer.js";
import { redisIsHere, startRedis } from "../support/redis.js";
import { testKey } from "../support/sign.js";
import { tempFolder } from "../support/temp-folder.js";

interface Example {
  readonly name: string;
  readonly code: string;
}

function examplesOf(page: string, section?: string): readonly Example[] {
  const text = readFileSync(join(root, page), "utf8");
  const part = section === undefined ? text : (text.split(/^## /m).find((one) => one.startsWith(section)) ?? "");
  return [...part.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = ""], at) => ({ name: `${page} ${at + 1}`, code }));
}

const EXAMPLES = [
  ...examplesOf("docs/operations.md", "Keys outside the process"),
  ...examplesOf("docs/configuration.md"),
  ...examplesOf("packages/core/README.md", "Keys that outlive the process"),
];

const key = testKey("ES256", "k1");

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

interface World {
  readonly network: Network;
  readonly redis: string;
}

const keptIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /[0-9a-f]{64}\.json$/.test(name)).length;

/** Runs an example, the addresses in it ours, in folders of the test's own. */
function run(code: string, folder: string, { network, redis }: World): Promise<Names> {
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
  vi.stubEnv("XDG_CONFIG_HOME", join(folder, "config"));
  vi.stubGlobal("fetch", network.fetch);
  return runDocsExample(code.replaceAll("/var/cache", folder).replaceAll("redis://redis.example.org:6379", redis), {
    issuer: ISSUER,
    audience: AUDIENCE,
    jwks: { keys: [key.jwk] },
    log: { warn: () => {} },
    console: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

describe("the docs' examples", () => {
  it("are there", () => expect(EXAMPLES.length).toBeGreaterThan(6));

  // Without Debian's redis-server there is none that the example could reach.
  it.each(EXAMPLES.filter(({ code }) => redisIsHere || !code.includes("redis")))("of $name run", async ({ code }) => {
    const network = createNetwork();
    publish(network, [key]);
    const redis = code.includes("redis") ? (await startRedis()).url : "";
    const folder = tempFolder();
    const { enforcer, store } = await run(code, folder, { network, redis });
    if (enforcer !== undefined && !code.includes("undici")) {
      const token = await (enforcer as Enforcer).verify(goodToken(key, Date.now() / 1000));
      expect(token.issuer).toBe(ISSUER);
    }
    // What is kept behind the scenes is kept before the folder is removed.
    if (enforcer !== undefined && code.includes("directoryKeyStore"))
      await vi.waitFor(() => expect(keptIn(folder)).toBe(1));
    (enforcer as Enforcer | undefined)?.close();
    await (store as { disconnect?(): Promise<void> } | undefined)?.disconnect?.();
  });

  it("that name folders and readers for nodes without writing are right (I13)", async () => {
    const { get } = directoryKeyStore(tempFolder());
    expect(await get("x")).toBeUndefined();
  });
});
