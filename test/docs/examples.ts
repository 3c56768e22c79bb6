// The examples of a guide, run in their order: each has the names of those before it.
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { format } from "node:util";
import { loadSources, runDocsExample } from "../support/docs-example.js";
import type { Guide, Heard } from "./guide.js";
import type { Block, Code } from "./page.js";

/** Runs an example, and serves the application in it, if there is one. */
export async function runExample(example: Code, guide: Guide, heard: Heard): Promise<Server | undefined> {
  const { given = {}, load = loadSources, rewrite = (code) => code } = guide;
  const print = (...values: unknown[]): void => void heard.printed.push(format(...values));
  const console = { log: print, warn: print, error: print };
  const names = await runDocsExample(rewrite(example.text), { ...given, console, ...heard.names }, load);
  heard.names = { ...heard.names, ...names };
  if (!declaresApp(example)) return undefined;
  const server = createServer(names["app"] as RequestListener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

export const declaresApp = (block: Block): boolean =>
  block.kind === "code" && block.language === "js" && /^const app = /m.test(block.text);

/** What an example says that it prints: `console.log(token.subject); // alice`. */
export function promisedOutput({ text }: Code): readonly string[] {
  return [...text.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, shown = ""]) => shown);
}
