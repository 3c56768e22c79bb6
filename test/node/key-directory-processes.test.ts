// Twenty processes on one key directory, killed at random: no torn file, no lost key. Rule I13.
// A few seconds by default; SCITOKENS_KILL_SECONDS=30 makes it thirty, and prints what happened.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { directoryKeyStore } from "@scitokens/core/node";
import { expect, it } from "vitest";
import { root } from "../structure/sources.js";
import { tempFolder } from "../support/temp-folder.js";

const SECONDS = Number(process.env["SCITOKENS_KILL_SECONDS"] ?? "3");
const PROCESSES = 20;
const SHARED = ["a", "b", "c", "d"];

interface Report {
  /** The sequence number that is now under the process's own name. */
  readonly own: number;
  readonly seen: readonly ("read" | "none" | "lost" | "torn")[];
}

interface Process {
  readonly child: ChildProcess;
  readonly name: string;
  /** Its last report that arrived: whatever it was doing then was done. */
  last: Report | undefined;
  readonly begun: Promise<unknown>;
}

const totals = { writes: 0, kills: 0, read: 0, none: 0, lost: 0, torn: 0, failed: 0 };

function start(folder: string, name: string): Process {
  const script = join(root, "test/node/key-directory-process.mjs");
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  const child = spawn(process.execPath, [script, folder, name, SHARED.join(",")], { stdio });
  const lines = createInterface({ input: child.stdout });
  const started: Process = { child, name, last: undefined, begun: once(lines, "line") };
  lines.on("line", (line) => {
    const report = JSON.parse(line) as Report;
    started.last = report;
    totals.writes += 2;
    for (const outcome of report.seen) totals[outcome]++;
  });
  child.stderr.once("data", () => totals.failed++);
  return started;
}

async function kill({ child }: Process): Promise<void> {
  const closed = once(child, "close"); // what it had said has been read by then
  child.kill("SIGKILL");
  await closed;
  totals.kills++;
}

it(
  `leaves every file whole and every key there, ${SECONDS} s long (I13)`,
  { timeout: SECONDS * 1000 + 60_000 },
  async () => {
    const folder = join(tempFolder(), "keys");
    const store = directoryKeyStore(folder);
    const running = Array.from({ length: PROCESSES }, (_, i) => start(folder, `process ${i}`));
    const ended: Process[] = [];
    await Promise.all(running.map(({ begun }) => begun));
    const end = Date.now() + SECONDS * 1000;
    for (let next = PROCESSES; Date.now() < end; next++) {
      await pause(Math.random() * 100);
      const at = Math.floor(Math.random() * PROCESSES);
      const victim = running[at];
      if (victim?.last === undefined) continue; // not before it has begun
      await kill(victim);
      ended.push(victim);
      running[at] = start(folder, `process ${next}`);
    }
    await Promise.all(running.map(kill));
    ended.push(...running);

    for (const { name, last } of ended) {
      if (last === undefined) continue;
      const { begins, ends } = JSON.parse((await store.get(name)) ?? "{}") as { begins?: number; ends?: number };
      if (begins === undefined) totals.lost++;
      else if (begins !== ends) totals.torn++;
      else if (begins < last.own) totals.lost++; // an older text than the one it had kept
    }
    for (const name of SHARED) if ((await store.get(name)) === undefined) totals.lost++;
    const leftovers = readdirSync(folder).filter((file) => file.startsWith(".")).length;
    if (process.env["SCITOKENS_KILL_SECONDS"] !== undefined) {
      process.stdout.write(`${JSON.stringify({ seconds: SECONDS, processes: PROCESSES, ...totals, leftovers })}\n`);
    }
    expect(totals).toMatchObject({ lost: 0, torn: 0, failed: 0 });
    expect(totals.kills).toBeGreaterThan(PROCESSES);
    expect(totals.writes).toBeGreaterThan(100);
  },
);
