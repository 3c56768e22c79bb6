// The measurement: every contender a process, all of a framework alive at once, window after window in an order of chance.
import { checkAnswers } from "./check-answers.js";
import type { Answers } from "./check-answers.js";
import type { Contender } from "./contender.js";
import { createClient } from "./load.js";
import type { Client, Request } from "./load.js";
import { startServer } from "./server-process.js";
import type { ServerProcess } from "./server-process.js";
import { median, quantile, shuffled } from "./statistics.js";
import type { Tokens } from "./tokens.js";
import type { Workload } from "./workloads.js";

export interface Plan {
  /** How often all servers are started anew: processes differ among themselves more than windows of one do. */
  readonly lives: number;
  readonly rounds: number;
  /** How long a window shall keep its server busy, in milliseconds of CPU time. */
  readonly window: number;
  readonly connections: number;
  /** What a server's command begins with, and the flags of its Node. */
  readonly prefix: readonly string[];
  readonly flags: readonly string[];
  readonly random: () => number;
}

/** Of one window; times in microseconds. */
export interface Window {
  readonly requests: number;
  readonly wrong: number;
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

export interface Measured {
  readonly contender: Contender;
  readonly answers: Answers;
  /** By workload, then by life, then by round. */
  readonly windows: Readonly<Record<string, readonly (readonly Window[])[]>>;
}

interface Subject {
  readonly contender: Contender;
  readonly server: ServerProcess;
  readonly answers: Answers;
}

export async function measureFramework(
  { framework, contenders }: { readonly framework: string; readonly contenders: readonly Contender[] },
  { tokens, workloads }: { readonly tokens: Tokens; readonly workloads: readonly Workload[] },
  plan: Plan,
): Promise<readonly Measured[]> {
  const lives: (readonly Measured[])[] = [];
  for (let life = 0; life < plan.lives; life++) {
    const subjects: Subject[] = [];
    try {
      for (const contender of contenders) subjects.push(await begin({ framework, contender }, tokens, plan));
      lives.push(await live(subjects, workloads, plan));
    } finally {
      await Promise.all(subjects.map(({ server }) => server.stop()));
    }
  }
  return contenders.map((contender, index) => joined(contender, lives.map((life) => life[index]).filter(isThere)));
}

async function begin(
  { framework, contender }: { readonly framework: string; readonly contender: Contender },
  tokens: Tokens,
  plan: Plan,
): Promise<Subject> {
  const server = await startServer({ framework, name: contender.name, trust: tokens.trust }, plan);
  const answers = await withClient(server, plan, (client) => checkAnswers(contender, client, tokens));
  return { contender, server, answers };
}

async function withClient<T>(server: ServerProcess, plan: Plan, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await createClient(server.port, plan.connections);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

interface Turn {
  readonly subject: Subject;
  readonly workload: Workload;
  readonly next: () => Request;
  /** In a window. */
  readonly requests: number;
}

async function live(
  subjects: readonly Subject[],
  workloads: readonly Workload[],
  plan: Plan,
): Promise<readonly Measured[]> {
  const turns: Turn[] = [];
  for (const subject of subjects) {
    for (const workload of workloads) turns.push(await warmUp(subject, workload, plan));
  }
  const windows = new Map(turns.map((turn) => [turn, [] as Window[]]));
  for (let round = 0; round < plan.rounds; round++) {
    // Those of one workload next to one another: they are compared.
    for (const workload of shuffled(workloads, plan.random)) {
      for (const turn of shuffled(turns, plan.random)) {
        if (turn.workload === workload) windows.get(turn)?.push(await measureWindow(turn, plan));
      }
    }
  }
  return subjects.map(({ contender, answers }) => ({
    contender,
    answers,
    windows: Object.fromEntries(
      [...windows]
        .filter(([{ subject }]) => subject.contender === contender)
        .map(([{ workload }, measured]) => [workload.name, [measured]]),
    ),
  }));
}

/** By then code is compiled. */
const WARM_UP = 3000;

async function warmUp(subject: Subject, workload: Workload, plan: Plan): Promise<Turn> {
  const next = workload.stream();
  const turn = { subject, workload, next };
  // Whoever remembers has seen every token by then.
  const all = subject.contender.remembers && workload.name === "distinct";
  await measureWindow({ ...turn, requests: all ? Math.max(workload.length, WARM_UP) : WARM_UP }, plan);
  const { cpu } = await measureWindow({ ...turn, requests: 500 }, plan);
  return { ...turn, requests: Math.min(Math.max(Math.round((plan.window * 1000) / cpu), 200), 4000) };
}

/** Requests before each window, which end with all connections in use. */
const RAMP = 32;

async function measureWindow({ subject: { contender, server }, next, requests }: Turn, plan: Plan): Promise<Window> {
  return withClient(server, plan, async (client) => {
    await client.run(next, RAMP);
    const before = await server.used();
    const load = await client.run(next, requests);
    const cpu = (await server.used()) - before;
    if (contender.role === "ours" && load.wrong > 0) throw new Error(`${contender.name}: ${load.wrong} wrong answers`);
    return {
      requests,
      wrong: load.wrong,
      cpu: cpu / requests,
      p50: median(load.latencies),
      p99: quantile(load.latencies, 0.99),
      perSecond: (requests / load.milliseconds) * 1000,
    };
  });
}

function joined(contender: Contender, lives: readonly Measured[]): Measured {
  const names = Object.keys(lives[0]?.windows ?? {});
  const sum = (count: (answers: Answers) => number): number =>
    lives.reduce((all, { answers }) => all + count(answers), 0);
  return {
    contender,
    answers: {
      sent: sum(({ sent }) => sent),
      letIn: sum(({ letIn }) => letIn),
      otherStatus: sum(({ otherStatus }) => otherStatus),
    },
    windows: Object.fromEntries(names.map((name) => [name, lives.flatMap(({ windows }) => windows[name] ?? [])])),
  };
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
