// scitokens test and scitokens explain: whether a token covers a request, in a word or with all the reasons. Rules R1, H6.
import { existsSync } from "node:fs";
import type { AddCommand, Command } from "../command.js";
import { Refused, Trouble } from "../exit.js";
import { headline, inWords, toJson } from "../explain/in-words.js";
import { explainRequest } from "../explain/verdict.js";
import { jsonOption } from "../input/options.js";
import { looksLikeToken, readToken } from "../input/read-token.js";
import type { Io } from "../io.js";
import { print } from "../output/print.js";
import { printable } from "../output/printable.js";
import { addExamples } from "../reference/examples.js";
import { useEnforcer } from "../trust/open-enforcer.js";
import { takeTrust } from "../trust/options.js";
import type { TrustFlags } from "../trust/options.js";

interface Flags extends TrustFlags {
  readonly json?: boolean;
}

interface Question {
  readonly authz: string;
  readonly path: string | undefined;
  readonly token: string | undefined;
}

const KEYS = "--issuer https://issuer.example.org --audience https://data.example.org";

export const addTest: AddCommand = (program, io) => {
  const command = program
    .command("test")
    .summary("say whether a token allows something: one line and an exit code")
    .description(
      "Verifies a token and says in one line whether it allows this. Exit code 1: it does not, or it is refused.",
    );
  addExamples(takeQuestion(command), [
    { run: `scitokens test read /store/run1/a.root token.txt ${KEYS}`, shows: "may it read this file?" },
    { run: `scitokens test compute.create ${KEYS} --token-file token.txt`, shows: "a capability without a path" },
  ]).action((authz: string, path: string | undefined, token: string | undefined, flags: Flags) =>
    answer(io, { authz, path, token }, flags, false),
  );
};

export const addExplain: AddCommand = (program, io) => {
  const command = program
    .command("explain")
    .summary("say why a token allows something or not, and what to do")
    .description(
      "Verifies a token and says whether it allows this, why or why not, and what to do next: each check passed or failed, " +
        "each scope and whether it covers the request. No token is in what it prints: it may be sent to the administrators. " +
        "Exit code 1: it is not allowed, or the token is refused.",
    );
  addExamples(takeQuestion(command), [
    { run: `scitokens explain write /store/run1/a.root token.txt ${KEYS}`, shows: "why may it not write here?" },
    { run: `scitokens explain read /store token.txt ${KEYS} --json`, shows: "the same as JSON, for a program" },
  ]).action((authz: string, path: string | undefined, token: string | undefined, flags: Flags) =>
    answer(io, { authz, path, token }, flags, true),
  );
};

function takeQuestion(command: Command): Command {
  return takeTrust(
    command
      .argument("<authz>", "what is to be done: read, write, storage.stage, compute.create, ...")
      .argument("[path]", "where: an absolute path, decoded; none for a capability that has no path"),
  ).addOption(jsonOption());
}

async function answer(io: Io, { authz, path, token }: Question, flags: Flags, atLength: boolean): Promise<void> {
  const question = splitScope(authz, path);
  if (token === undefined && flags.tokenFile === undefined) refuseFileAsPath(question);
  const { value, source } = await readToken(io, { token, tokenFile: flags.tokenFile });
  const here = { now: io.clock(), timeZone: io.timeZone };
  const verdict = await useEnforcer(io, { flags, raw: value }, (judge) =>
    explainRequest({ judge, raw: value, here }, question),
  );
  const text = atLength ? inWords(io, verdict, source) : headline(io, verdict);
  print(io, { json: toJson(verdict, source), text }, flags.json === true);
  if (verdict.outcome === "undecided") throw new Trouble();
  if (verdict.outcome === "refused") throw new Refused();
}

/** With one word too few, the token's file stands where the path should. */
function refuseFileAsPath({ authz, path }: { readonly authz: string; readonly path: string | undefined }): void {
  if (path === undefined || path.startsWith("/") || !(existsSync(path) || looksLikeToken(path))) return;
  const file = printable(path, 120);
  throw new Trouble(
    `PATH is missing: ${authz} PATH ${file}; for a capability that has no path, --token-file says which file holds the token`,
  );
}

/** `read:/store`, as scopes are written, is told from `read /store` before the core wonders. */
function splitScope(
  authz: string,
  path: string | undefined,
): { readonly authz: string; readonly path: string | undefined } {
  const [, name, rest] = /^([^:]+):(\/.*)$/s.exec(authz) ?? [];
  if (name !== undefined && rest !== undefined) {
    throw new Trouble(`AUTHZ and PATH are two words, with a blank between: ${name} ${rest}`);
  }
  if (path === "-") throw new Trouble("PATH: expected a path; a token from stdin is --token-file - here");
  return { authz, path };
}
