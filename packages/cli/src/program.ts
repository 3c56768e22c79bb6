// All commands, as one commander program. Each command is a file of its own below commands/.
import { readFileSync } from "node:fs";
import { Command } from "./command.js";
import type { AddCommand } from "./command.js";
import type { Io } from "./io.js";
import { printableLines } from "./output/printable.js";

/** In the order of the help. Each is loaded when it is asked for: together they are most of the time that a start takes. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, () => Promise<AddCommand>>>>> = {
  "Look at tokens:": {
    decode: async () => (await import("./commands/decode.js")).addDecode,
    verify: async () => (await import("./commands/verify.js")).addVerify,
    test: async () => (await import("./commands/explain.js")).addTest,
    explain: async () => (await import("./commands/explain.js")).addExplain,
    acls: async () => (await import("./commands/acls.js")).addAcls,
  },
  "Find and get tokens:": {
    find: async () => (await import("./commands/find.js")).addFind,
    get: async () => (await import("./commands/get.js")).addGet,
    renew: async () => (await import("./commands/renew.js")).addRenew,
    with: async () => (await import("./commands/with.js")).addWith,
  },
  "Make keys and tokens:": {
    "create-key": async () => (await import("./commands/create-key.js")).addCreateKey,
    "create-token": async () => (await import("./commands/create-token.js")).addCreateToken,
    jwks: async () => (await import("./commands/jwks.js")).addJwks,
  },
  "Issuers and their keys:": {
    doctor: async () => (await import("./commands/doctor.js")).addDoctor,
    keys: async () => (await import("./commands/keys.js")).addKeys,
    issuer: async () => (await import("./commands/issuer.js")).addIssuer,
  },
  "Commands:": { help: async () => (await import("./commands/help.js")).addHelp },
};

/** @param first the first argument: a command's name, with which that one alone is loaded */
export async function createProgram(io: Io, first?: string): Promise<Command> {
  const program = new Command("scitokens")
    .description(
      "Look at, verify and explain SciTokens and WLCG tokens; make keys and tokens; find, get and renew them.",
    )
    .version(version())
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .configureHelp({ helpWidth: Math.min(io.stdout.columns ?? 100, 100), showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // Arguments stand in what it says of them, and a token may be among them.
      outputError: (text, write) => write(printableLines(text.replace(/^error: /, "scitokens: "))),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  for (const [group, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(group);
    for (const [, load] of wanted(commands, first)) (await load())(program, io);
  }
  return program;
}

const NAMES = Object.values(GROUPS).flatMap((commands) => Object.keys(commands));

/** All of them, where it is no name: help lists them, and a slip is compared with them. */
function wanted<Load>(commands: Readonly<Record<string, Load>>, first = ""): readonly (readonly [string, Load])[] {
  if (first === "--version" || first === "-V") return [];
  const all = Object.entries(commands);
  return NAMES.includes(first) && first !== "help" ? all.filter(([name]) => name === first) : all;
}

/** From package.json, which stands beside src and dist. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "";
}
