// An enforcer with a folder for its keys, of which a test makes what it likes; and what is told of it.
import { mkdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Enforcer, KeyStore, SciTokenEvent } from "@scitokens/core";
import { createEnforcer } from "@scitokens/core";
import { directoryKeyStore } from "@scitokens/core/node";
import { afterEach, beforeEach, onTestFinished } from "vitest";
import {
  AUDIENCE,
  createNetwork,
  everywhere,
  goodToken,
  ISSUER,
  publish,
  refused,
  settled,
  verdict,
} from "../../support/scripted-issuer.js";
import { testKey } from "../../support/sign.js";
import type { TestKey } from "../../support/sign.js";
import { tempFolder } from "../../support/temp-folder.js";

export const key: TestKey = testKey("ES256", "k1");

export interface KeyFolder {
  /** Of the test that runs; nothing is there yet. */
  readonly folder: string;
  now: number;
  /** An enforcer with the folder as its store, whose issuer is there, and its keys due after a minute. */
  enforcerOf(): { readonly enforcer: Enforcer; down(): void };
  /** The verdict on a token that nobody has seen, when all that it set going has ended. */
  request(enforcer: Enforcer): Promise<string>;
  /** What was told of the store, each as "reading: no disk". */
  faults(): readonly string[];
}

export function keyFolderForEachTest(): KeyFolder {
  let events: SciTokenEvent[] = [];
  /** What enforcers have asked of the store: the folder must not go before that has ended. */
  let asked: Promise<unknown>[] = [];
  const keep = (given: unknown): unknown => {
    asked.push(Promise.resolve(given));
    return given;
  };
  const world = {
    folder: "",
    now: 0,
    enforcerOf(): { readonly enforcer: Enforcer; down(): void } {
      const network = createNetwork();
      publish(network, [key]);
      const kept = directoryKeyStore(world.folder);
      const store: KeyStore = {
        get: (name) => keep(kept.get(name)),
        set: (name, value) => keep(kept.set(name, value)),
      };
      const keys = { fetch: network.fetch, refreshAfter: 60, store };
      const onEvent = (event: SciTokenEvent): void => void events.push(event);
      const enforcer = createEnforcer({ issuer: ISSUER, audience: AUDIENCE, clock: () => world.now, keys, onEvent });
      return { enforcer, down: () => everywhere(network, refused) };
    },
    async request(enforcer: Enforcer): Promise<string> {
      const said = await verdict(enforcer, goodToken(key, world.now, { jti: crypto.randomUUID() }));
      for (let known = -1; known !== asked.length;) {
        known = asked.length;
        await Promise.allSettled(asked);
        await settled();
      }
      return said;
    },
    faults: (): readonly string[] =>
      events.flatMap((event) => (event.type === "key_store_failed" ? [`${event.fault}: ${event.message}`] : [])),
  };
  beforeEach(() => {
    [events, asked] = [[], []];
    [world.now, world.folder] = [Math.floor(Date.now() / 1000), join(tempFolder(), "keys")];
  });
  afterEach(async () => void (await Promise.allSettled(asked)));
  return world;
}

/** Makes a folder that is a file system of its own, in memory, gone with the test; false where this user may not. */
export function mountAt(folder: string, options: string): boolean {
  if (process.platform !== "linux" || process.geteuid?.() !== 0) return false;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `mode=700,${options}`, "none", folder], {
    stdio: "ignore",
  });
  if (status === 0) onTestFinished(() => void spawnSync("umount", ["-l", folder]));
  return status === 0;
}
