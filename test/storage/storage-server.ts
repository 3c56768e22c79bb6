// examples/storage on a folder of its own, with a canary outside of what it serves; and what must hold after each test:
// nothing is left in uploads/, no descriptor open, nothing outside read or written.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished } from "vitest";
import { createApp } from "../../examples/storage/src/app.js";
import type { StorageServer as Options } from "../../examples/storage/src/app.js";
import { Storage } from "../../examples/storage/src/storage.js";
import { rawRequest } from "../support/raw-request.js";
import type { RawRequest, RawResponse } from "../support/raw-request.js";
import { AUDIENCE, ISSUER, NOW, key, tokenOf } from "../support/static-issuer.js";

export const CANARY = "canary-outside";
export const EVERYTHING = tokenOf("wlcg", { scope: "storage.read:/ storage.modify:/" });
export const bearer = (scope: string): string => `Authorization: Bearer ${tokenOf("wlcg", { scope })}`;

export interface TestServer {
  readonly port: number;
  /** A path of the machine: of a file that is served as /wlcg/<name>. */
  file(name: string): string;
  /** A path of the machine, outside of what is served. */
  outside(name: string): string;
  /** Below /wlcg, with a token for everything there unless a line says Authorization. */
  ask(method: string, name: string, request?: Omit<RawRequest, "method" | "target">): Promise<RawResponse>;
  status(method: string, name: string, request?: Omit<RawRequest, "method" | "target">): Promise<number>;
}

export async function startStorage(options: Pick<Options, "policy" | "largest"> = {}): Promise<TestServer> {
  const root = mkdtempSync(join(tmpdir(), "scitokens-storage-"));
  const outside = join(root, "outside");
  mkdirSync(join(outside, "dir"), { recursive: true });
  for (const name of ["secret", "dir/secret"]) {
    writeFileSync(join(outside, name), CANARY);
    utimesSync(join(outside, name), 1, 2); // the next to read it would change the first
  }
  const before = lookAt(outside);

  const served = join(root, "served");
  const storage = await Storage.open(served, ["wlcg"]);
  const issuer = { issuer: ISSUER, basePath: "/wlcg", jwks: { keys: [key.jwk] } };
  const app = await createApp({ trust: { issuer, audience: AUDIENCE, clock: () => NOW }, storage, ...options });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;

  onTestFinished(async () => {
    app.server.closeAllConnections();
    await app.close();
    try {
      await expect.poll(() => [readdirSync(join(served, "uploads")), openBelow(served).length]).toEqual([[], 2]);
      expect(lookAt(outside)).toEqual(before);
    } finally {
      await storage.close();
      rmSync(root, { recursive: true, force: true });
    }
  });

  const ask: TestServer["ask"] = async (method, name, { lines = [], ...rest } = {}) => {
    const own = lines.some((line) => /^authorization:/i.test(line)) ? [] : [`Authorization: Bearer ${EVERYTHING}`];
    const answer = await rawRequest(port, { method, target: `/wlcg${name}`, lines: [...own, ...lines], ...rest });
    expect([answer.body, JSON.stringify(answer.headers)].some((text) => text.includes(CANARY))).toBe(false);
    return answer;
  };
  return {
    port,
    file: (name) => join(served, "files/wlcg", name),
    outside: (name) => join(outside, name),
    ask,
    status: async (...asked) => (await ask(...asked)).status,
  };
}

/** With a directory `d`, in which a file and a directory with a file are; and a file `f`. */
export async function furnished(options: Parameters<typeof startStorage>[0] = {}): Promise<TestServer> {
  const server = await startStorage(options);
  mkdirSync(server.file("d/sub"), { recursive: true });
  for (const name of ["f", "d/f", "d/sub/f"]) writeFileSync(server.file(name), `of ${name}`);
  return server;
}

/** Descriptors of this process that are of something below a folder. */
export function openBelow(folder: string): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    const path = linkOf(`/proc/self/fd/${fd}`);
    return path?.startsWith(folder) ? [path] : [];
  });
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // closed since it was listed
  }
}

/** All names; when each was changed; of files also when they were read. */
function lookAt(folder: string): readonly unknown[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => {
      const path = join(folder, name);
      const stats = statSync(path);
      return [name, stats.size, stats.mtimeMs, stats.ctimeMs, stats.isFile() && stats.atimeMs];
    });
}
