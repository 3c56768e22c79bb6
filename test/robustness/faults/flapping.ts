// A server as a program, under load, while its issuer flaps and changes its keys: every answer is held against a model.
import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { encode, signToken, testKey } from "../../support/sign.js";
import type { TestKey } from "../../support/sign.js";
import { root } from "../../structure/sources.js";
import { startFlappingIssuer } from "./flapping-issuer.js";
import type { FlappingIssuer, Mode } from "./flapping-issuer.js";
import type { Adopted, Asked, Sent } from "./flapping-model.js";
import { numbersOf } from "./misbehaving.js";

export type Phase = Mode | "rotate" | "replace" | "no keys" | "flicker";

export interface Flapping {
  readonly phases: readonly Phase[];
  /** Milliseconds that each phase lasts. */
  readonly phase: number;
  readonly seed: number;
}

export interface Measured {
  readonly heapUsed: number;
  readonly rss: number;
  readonly resources: number;
}

export interface Flapped {
  readonly asked: readonly Asked[];
  /** Requests without an answer, and why. */
  readonly unanswered: readonly string[];
  readonly adopted: readonly Adopted[];
  readonly issuer: FlappingIssuer;
  /** Milliseconds for which keys are usable, by the server's clock. */
  readonly usableFor: number;
  /** After garbage collection: at the end of each phase. */
  readonly measured: readonly Measured[];
  readonly counts: Readonly<Record<string, number>>;
  /** What nobody heard or caught in the server, and its warnings. */
  readonly left: readonly string[];
  readonly loop: { readonly max: number; readonly p99: number };
  readonly exitCode: number | null;
}

const AUDIENCE = "https://data.example.org";
const CLIENTS = 8;
const HOUR = 3600;
/** Seconds, by the server's clock; the least that may be configured for `usableFor`. */
const KEYS = { refreshAfter: HOUR, usableFor: 24 * HOUR, cooldown: 30 };

export async function flap({ phases, phase, seed }: Flapping): Promise<Flapped> {
  const issuer = await startFlappingIssuer(phase / 30);
  issuer.rotate("goes");
  const started = Date.now();
  // Keys are refreshed five times a phase.
  const speed = (KEYS.refreshAfter * 1000) / (phase / 5);
  const server = await startServer({
    issuer: issuer.issuer,
    audience: AUDIENCE,
    started,
    speed,
    keys: { ...KEYS, timeout: Math.max(0.05, phase / 8000) },
  });
  const random = numbersOf(seed);
  const tokens = createTokens(issuer, { random, started, speed });
  const [asked, unanswered, measured]: [Asked[], string[], Measured[]] = [[], [], []];
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const clients = new AbortController();

  async function client(): Promise<void> {
    while (!clients.signal.aborted) {
      const { sent, header } = tokens();
      const from = Date.now();
      try {
        const status = await get({ port: server.port, agent, header });
        asked.push({ sent, from, to: Date.now(), status });
      } catch (error) {
        unanswered.push(error instanceof Error ? error.message : String(error));
      }
      await pause(random() * 10);
    }
  }

  const asking = Array.from({ length: CLIENTS }, client);
  for (const name of phases) {
    await spend(issuer, name, phase);
    measured.push(await server.measure());
  }
  await mended(issuer, server.adopted);
  clients.abort();
  await Promise.all(asking);
  agent.destroy();
  await pause(50);
  measured.push(await server.measure());
  const ended = await server.end();
  await issuer.close();
  const usableFor = (KEYS.usableFor * 1000) / speed;
  return { asked, unanswered, adopted: server.adopted, issuer, usableFor, measured, ...ended };
}

/** Until the server has what the issuer publishes, if it is up: that comes by itself, and soon. */
async function mended(issuer: FlappingIssuer, adopted: readonly Adopted[]): Promise<void> {
  const end = Date.now() + 10_000;
  const has = (): boolean => adopted.at(-1)?.kids.join() === issuer.keys.map(({ kid }) => kid).join();
  while (issuer.mode === "up" && !has() && Date.now() < end) await pause(20);
}

async function spend(issuer: FlappingIssuer, name: Phase, milliseconds: number): Promise<void> {
  if (name === "flicker") {
    for (let turn = 0; turn < 10; turn++) {
      issuer.mode = turn % 2 === 0 ? "down" : "up";
      await pause(milliseconds / 10);
    }
    return;
  }
  const rotations: Partial<Record<Phase, "stays" | "goes" | undefined>> = {
    rotate: "stays",
    replace: "goes",
    "no keys": undefined,
  };
  if (name in rotations) issuer.rotate(rotations[name]);
  issuer.mode = name in rotations ? "up" : (name as Mode);
  await pause(milliseconds);
}

interface Carried {
  readonly sent: Sent;
  readonly header: string | undefined;
}

interface Circumstances {
  readonly random: () => number;
  readonly started: number;
  readonly speed: number;
}

/** What the next request carries: tokens that are known already, new ones, brief ones, and all kinds of bad ones. */
function createTokens(issuer: FlappingIssuer, { random, started, speed }: Circumstances): () => Carried {
  const known: { readonly raw: string; readonly sent: Sent }[] = [];
  const stranger = testKey("ES256", "stranger");
  let count = 0;
  const secondsAt = (milliseconds: number): number => started / 1000 + ((milliseconds - started) / 1000) * speed;

  const make = (kind: "good" | "poor", key: TestKey, lives: number): { readonly raw: string; readonly sent: Sent } => {
    const expires = Date.now() + lives;
    const raw = tokenOf(key, { exp: secondsAt(expires), scope: kind === "good" ? "read:/data" : "read:/other" });
    return { raw, sent: { kind, kid: key.kid, expires } };
  };
  const tokenOf = (key: TestKey, claims: object, kid = key.kid): string =>
    signToken(
      key,
      {
        iss: issuer.issuer,
        aud: AUDIENCE,
        ver: "scitoken:2.0",
        iat: started / 1000,
        nbf: started / 1000,
        jti: `${count++}`,
        ...claims,
      },
      { alg: "ES256", kid },
    );
  const anyKey = (): TestKey => {
    const { everyKey } = issuer;
    // Mostly the latest, and now and then one that is long gone.
    const back = random() < 0.7 ? Math.floor(random() * 2) : Math.floor(random() * everyKey.length);
    return everyKey[Math.max(0, everyKey.length - 1 - back)] ?? stranger;
  };

  return () => {
    const dice = random();
    if (dice < 0.04) return { sent: { kind: "none" }, header: undefined };
    if (dice < 0.08) return { sent: { kind: "malformed" }, header: "Bearer what is this" };
    const far = { exp: secondsAt(Date.now() + 3_600_000), scope: "read:/data" };
    if (dice < 0.12) {
      const raw = tokenOf(stranger, { ...far, iss: "https://other.example.org" });
      return { sent: { kind: "stranger" }, header: `Bearer ${raw}` };
    }
    if (dice < 0.22) {
      const kid = random() < 0.5 ? anyKey().kid : `unknown-${encode(String(count))}`;
      return { sent: { kind: "forged" }, header: `Bearer ${tokenOf(stranger, far, kid)}` };
    }
    const again = known[Math.floor(random() * known.length)];
    if (dice < 0.6 && again !== undefined) return { sent: again.sent, header: `Bearer ${again.raw}` };
    const made = make(dice > 0.95 ? "poor" : "good", anyKey(), dice > 0.85 ? 200 + random() * 1500 : 3_600_000);
    known.push(made);
    if (known.length > 200) known.shift();
    return { sent: made.sent, header: `Bearer ${made.raw}` };
  };
}

interface Server {
  readonly port: number;
  readonly adopted: readonly Adopted[];
  measure(): Promise<Measured>;
  end(): Promise<Pick<Flapped, "counts" | "left" | "loop" | "exitCode">>;
}

interface Message {
  readonly port?: number;
  readonly adopted?: readonly string[];
  readonly at?: number;
  readonly measured?: Measured;
  readonly ended?: Pick<Flapped, "counts" | "left" | "loop">;
}

async function startServer(options: object): Promise<Server> {
  const script = `${root}test/robustness/faults/flapping-server.mjs`;
  const child = fork(script, [JSON.stringify(options)], { execArgv: ["--expose-gc"], stdio: "inherit" });
  const adopted: Adopted[] = [];
  const heard = <Name extends keyof Message>(name: Name): Promise<NonNullable<Message[Name]>> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the server ended: ${code}`));
      const hear = (message: Message): void => {
        const said = message[name];
        if (said === undefined || said === null) return;
        child.off("message", hear).off("exit", ended);
        resolve(said);
      };
      child.on("message", hear).once("exit", ended);
    });
  child.on("message", ({ adopted: kids, at }: Message) => {
    if (kids !== undefined && at !== undefined) adopted.push({ kids, at });
  });
  const ask = async <Name extends keyof Message>(what: string, name: Name): Promise<NonNullable<Message[Name]>> => {
    const said = heard(name);
    child.send(what);
    return said;
  };
  return {
    port: await heard("port"),
    adopted,
    measure: () => ask("measure", "measured"),
    async end() {
      const exit = once(child, "exit") as Promise<[number | null]>;
      const ended = await ask("end", "ended");
      const [exitCode] = await exit;
      return { ...ended, exitCode };
    },
  };
}

interface Get {
  readonly port: number;
  readonly agent: Agent;
  readonly header: string | undefined;
}

function get({ port, agent, header }: Get): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = header === undefined ? {} : { authorization: header };
    const asked = httpRequest({ host: "127.0.0.1", port, path: "/data", agent, headers, timeout: 20_000 });
    asked.on("response", (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer within 20 s")));
    asked.on("error", reject);
    asked.end();
  });
}
