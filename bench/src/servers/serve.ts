// The process of one server: told what to be, it says its port, and then, when asked, what CPU time it has used.
import type { Trust } from "./contender.js";
import { FRAMEWORKS } from "./frameworks/index.js";

/** What a server is told, once. */
export interface Start {
  readonly framework: string;
  readonly name: string;
  readonly trust: Trust;
}

/** What it says. */
export type Said = { readonly port: number } | { readonly microseconds: number };

process.on("disconnect", () => process.exit());
process.on("message", (message: Start | "usage") => {
  if (message === "usage") say(used());
  else void start(message).then((port) => say({ port }));
});

async function start({ framework, name, trust }: Start): Promise<number> {
  const found = await FRAMEWORKS[framework]?.load();
  const contender = found?.find((one) => one.name === name);
  if (contender === undefined) throw new Error(`no contender ${name} for ${framework}`);
  return contender.start(trust);
}

/** Of all threads of the process: those that collect garbage are part of the cost. */
function used(): Said {
  const { user, system } = process.cpuUsage();
  return { microseconds: user + system };
}

function say(said: Said): void {
  process.send?.(said);
}
