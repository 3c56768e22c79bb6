// All commands, as one commander program. Each command is a file of its own below commands/.
import { readFileSync } from "node:fs";
import { Command } from "./command.js";
import { addAcls } from "./commands/acls.js";
import { addCreateKey } from "./commands/create-key.js";
import { addCreateToken } from "./commands/create-token.js";
import { addDecode } from "./commands/decode.js";
import { addDoctor } from "./commands/doctor.js";
import { addExplain, addTest } from "./commands/explain.js";
import { addFind } from "./commands/find.js";
import { addGet } from "./commands/get.js";
import { addIssuer } from "./commands/issuer.js";
import { addJwks } from "./commands/jwks.js";
import { addKeys } from "./commands/keys.js";
import { addRenew } from "./commands/renew.js";
import { addVerify } from "./commands/verify.js";
import { addWith } from "./commands/with.js";
import type { AddCommand } from "./command.js";
import type { Io } from "./io.js";
import { printableLines } from "./output/printable.js";

/** In the order of the help. */
const COMMANDS: readonly (readonly [group: string, commands: readonly AddCommand[]])[] = [
  ["Look at tokens:", [addDecode, addVerify, addTest, addExplain, addAcls]],
  ["Find and get tokens:", [addFind, addGet, addRenew, addWith]],
  ["Make keys and tokens:", [addCreateKey, addCreateToken, addJwks]],
  ["Issuers and their keys:", [addDoctor, addKeys, addIssuer]],
];

export function createProgram(io: Io): Command {
  const program = new Command("scitokens")
    .description(
      "Look at, verify and explain SciTokens and WLCG tokens; make keys and tokens; find, get and renew them.",
    )
    .version(version())
    .helpCommand(true)
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
  for (const [group, commands] of COMMANDS) {
    program.commandsGroup(group);
    for (const add of commands) add(program, io);
  }
  return program;
}

/** From package.json, which stands beside src and dist. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "";
}
