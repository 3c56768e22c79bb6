// Plays one behaviour to a service, and measures: verdict, time, requests, connections left open, memory where asked.
import { createEnforcer, SciTokenError } from "@scitokens/core";
import type { IssuerOptions, KeyOptions } from "@scitokens/core";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Agent } from "undici";
import type { HostileCase } from "./case.js";
import { AUDIENCE, AUTHORITY, certificateOf, NEIGHBOUR, neighbourKey, startIssuer, tokenOf } from "./issuer.js";
import type { HostileIssuer } from "./issuer.js";

/** What the service says of itself. */
interface Said {
  readonly answer: string;
  readonly ms: number;
  /** The verdicts on a known and on a new token of a good issuer, asked while the hostile one is, and when they came. */
  readonly neighbours: readonly string[];
  readonly neighbourMs: number;
  /** Of the events `keys_failed`. */
  readonly messages: readonly string[];
  /** Growth of the resident set at its peak, and the longest time that nothing else could run; where it was measured. */
  readonly mb?: number;
  readonly stallMs?: number;
}

export interface Outcome extends Said {
  readonly fetches: number;
  readonly elsewhere: number;
  /** Connections that were still open a while later. */
  readonly leftOpen: number;
  /** The header lines of each request. */
  readonly requests: readonly (readonly string[])[];
}

export interface RunOptions {
  /** Seconds; the default's 5 when undefined. */
  readonly timeout?: number | undefined;
  /** Milliseconds in which connections have to be closed, on a machine that does nothing else. */
  readonly grace?: number;
  /** In a process of its own, where memory is measured, or in this one. */
  readonly apart: boolean;
}

interface Question {
  readonly trusted: IssuerOptions;
  readonly token: string;
  readonly known: string;
  readonly fresh: string;
  readonly timeout?: number | undefined;
  readonly grace: number;
}

const LOOK_MS = 20;
const neighbour = { issuer: NEIGHBOUR, jwks: { keys: [neighbourKey.jwk] } };

export async function runCase(hostile: HostileCase, { timeout, apart, grace = 2000 }: RunOptions): Promise<Outcome> {
  const tls = hostile.tls !== undefined && hostile.greeting === undefined;
  const hostileIssuer = await startIssuer({ ...(tls && { certificate: certificateOf("good") }), ...hostile });
  const { issuer } = hostileIssuer;
  const token = (hostile.token ?? tokenOf)(issuer);
  const trusted = {
    issuer,
    allowInsecureIssuer: issuer.startsWith("http:"),
    ...(hostile.jwksUri === true && { jwksUri: `${issuer}/keys` }),
  };
  const question = { trusted, token, timeout, grace, known: neighbourToken(), fresh: neighbourToken() };
  try {
    const trusting = hostile.tls === "trusted";
    return apart ? await askApart(question, hostileIssuer, trusting) : await askHere(question, hostileIssuer, trusting);
  } finally {
    await hostileIssuer.close();
  }
}

const neighbourToken = (): string => tokenOf(NEIGHBOUR, neighbourKey);

async function askHere(question: Question, hostile: HostileIssuer, trusting: boolean): Promise<Outcome> {
  const { trusted, token, known, fresh, timeout } = question;
  const messages: string[] = [];
  const dispatcher = trusting ? new Agent({ connect: { ca: readFileSync(AUTHORITY) } }) : undefined;
  const keys: KeyOptions = {
    ...(timeout !== undefined && { timeout }),
    // Node's fetch takes the package's dispatchers; its types are another package's.
    ...(dispatcher && { fetch: (url, init) => fetch(url, { ...init, dispatcher } as object) }),
  };
  const enforcer = createEnforcer({
    issuer: [trusted, neighbour],
    audience: AUDIENCE,
    keys,
    onEvent: (event) => void (event.type === "keys_failed" && messages.push(event.message)),
  });
  const verdict = (raw: string): Promise<string> =>
    enforcer.verify(raw).then(
      () => "good",
      (error: unknown) => (error instanceof SciTokenError ? error.reason : String(error)),
    );
  await verdict(known);
  const startedAt = performance.now();
  const asked = verdict(token).then((answer) => ({ answer, ms: performance.now() - startedAt }));
  const neighbours = await Promise.all([verdict(known), verdict(fresh)]);
  const neighbourMs = performance.now() - startedAt;
  const said = { ...(await asked), neighbours, neighbourMs, messages };
  const outcome = await seenFromOutside(said, hostile, question.grace);
  enforcer.close();
  await dispatcher?.close();
  return outcome;
}

async function askApart(question: Question, hostile: HostileIssuer, trusting: boolean): Promise<Outcome> {
  const child = fork(
    fileURLToPath(new URL("measure.mjs", import.meta.url)),
    [JSON.stringify({ ...question, neighbour, audience: AUDIENCE })],
    {
      silent: true,
      env: { PATH: process.env["PATH"], ...(trusting && { NODE_EXTRA_CA_CERTS: fileURLToPath(AUTHORITY) }) },
    },
  );
  let [output, errors] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const closed = once(child, "close");
  try {
    await Promise.race([once(child, "message"), closed]);
    if (errors !== "" || output === "") throw new Error(`the service failed, or warned: ${errors}`);
    return await seenFromOutside(JSON.parse(output) as Said, hostile, question.grace);
  } finally {
    if (child.connected) child.send("end");
    await closed;
  }
}

/** What the servers have seen. */
async function seenFromOutside(said: Said, { site, elsewhere }: HostileIssuer, grace: number): Promise<Outcome> {
  const open = (): number => site.open + elsewhere.open;
  // Looks, and not time on the clock: both ends may share this process, and need its turns to close, however long those take.
  for (let looks = grace / LOOK_MS; open() > 0 && looks > 0; looks--)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return {
    ...said,
    fetches: site.asked.length,
    elsewhere: elsewhere.asked.length,
    leftOpen: open(),
    requests: [...site.asked, ...elsewhere.asked].map(({ lines }) => lines),
  };
}

/** Runs them some at a time. */
export async function runAll<T>(items: readonly T[], atOnce: number, run: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await run(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
