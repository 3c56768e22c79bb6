// An issuer on loopback that is up, down, slow, hanging, or talks nonsense, and changes its keys, as it is told.
import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { testKey } from "../../support/sign.js";
import type { TestKey } from "../../support/sign.js";

/** How it answers: each but `up` and `slow` gives nobody keys. */
export type Mode = "up" | "slow" | "down" | "hang" | "500" | "garbage" | "truncated" | "other issuer";

export interface FlappingIssuer {
  readonly issuer: string;
  mode: Mode;
  /** What it publishes while it is up. */
  readonly keys: readonly TestKey[];
  /** Every key that it has ever published. */
  readonly everyKey: readonly TestKey[];
  /** The key ids of every set that it has sent. */
  readonly sent: readonly (readonly string[])[];
  /** Adds a key; the last one stays beside it, or goes; `undefined`: publishes no key at all. */
  rotate(last: "stays" | "goes" | undefined): void;
  close(): Promise<void>;
}

/** @param slow milliseconds that it takes to answer then */
export async function startFlappingIssuer(slow: number): Promise<FlappingIssuer> {
  const everyKey: TestKey[] = [];
  let keys: TestKey[] = [];
  const sent: (readonly string[])[] = [];
  const state = { mode: "up" as Mode };
  const server = createServer((request, response) => void answer(request.url ?? "", response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const documentOf = (url: string, named = issuer): string => {
    if (url !== "/keys") return JSON.stringify({ issuer: named, jwks_uri: `${issuer}/keys` });
    sent.push(keys.map(({ kid }) => kid));
    return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
  };

  async function answer(url: string, response: ServerResponse): Promise<void> {
    switch (state.mode) {
      case "down":
        return void response.destroy();
      case "hang":
        return;
      case "500":
        return void response.writeHead(500).end("{}");
      case "garbage":
        return void response.end(`<html>${"no keys ".repeat(1000)}`);
      case "truncated":
        return void response.end('{"issuer":"http');
      case "other issuer":
        return void response.end(documentOf("", "https://other.example.org"));
      case "slow":
        await pause(slow);
        return void response.end(documentOf(url));
      case "up":
        return void response.end(documentOf(url));
    }
  }

  return {
    issuer,
    everyKey,
    sent,
    get mode() {
      return state.mode;
    },
    set mode(mode) {
      state.mode = mode;
    },
    get keys() {
      return keys;
    },
    rotate(last) {
      if (last === undefined) return void (keys = []);
      const added = testKey("ES256", `key-${everyKey.length}`);
      everyKey.push(added);
      keys = last === "stays" ? [...keys.slice(-1), added] : [added];
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
