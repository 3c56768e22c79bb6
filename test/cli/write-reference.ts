// The pages that the program writes about itself: docs/cli.md of its commands, docs/explain.md of its refusals.
import type { Command } from "../../packages/cli/src/command.js";
import { createProgram } from "../../packages/cli/src/program.js";
import { explainRefusal, REFUSALS } from "./refusals.js";
import { runCli, silentIo } from "./run-cli.js";

const RENEW = "<!-- Written by `node scripts/cli-docs.mjs`; a test compares it with the program. -->";

const CLI_INTRODUCTION = `# The \`scitokens\` command

${RENEW}

For people at a terminal and for scripts: look at tokens, find out why one is refused, get and renew tokens, make keys and
tokens. How to install it, and a first tour: [packages/cli](../packages/cli/README.md). What \`explain\` says of the usual
refusals: [explain.md](explain.md). Every page of this reference is what \`--help\` prints.

## Where the token comes from

A command that is about a token takes it from, in this order:

1. \`--token-file FILE\`, or the argument \`TOKEN\`: a file, or \`-\` for stdin. The file may also hold JSON with an
   \`access_token\`, as HTCondor and token endpoints write it;
2. WLCG Bearer Token Discovery: \`BEARER_TOKEN\`, the file \`BEARER_TOKEN_FILE\`, \`$XDG_RUNTIME_DIR/bt_u$ID\`, \`/tmp/bt_u$ID\`;
3. \`SCITOKEN\`, the file \`SCITOKEN_FILE\`, and HTCondor's \`$_CONDOR_CREDS/*.use\`.

A token itself may stand where a file's name is expected. It is taken, with a warning: every user of the machine sees the
arguments of a command (\`ps\`), and the shell's history keeps them. No command needs it.

Tokens, keys and secrets are printed only where they are what was asked for: by \`create-token\`, \`create-key --out -\`,
\`find --print\` and \`get --print\`. What comes from tokens and servers is printed so that it cannot move the cursor.

## Exit codes

| code | meaning |
|---|---|
| 0 | good: it is allowed, verified, found, done |
| 1 | refused: the token is not good, does not allow it, or there is none; \`doctor\`: something failed; \`renew --once\`: a token could not be renewed |
| 2 | trouble: a wrong option, an unreadable file, an issuer that cannot be asked, a path on which no decision is made (\`..\`, no slash at its beginning), output that cannot be written |
| 130, 143 | ended by Ctrl-C, by SIGTERM |

\`with\` ends as its command does. \`issuer\`, and \`renew\` without \`--once\`, run until they are ended: by Ctrl-C or SIGTERM their
exit code is 0.

## Output

\`--json\` prints one JSON document on stdout, also for a refusal; what could not be done is \`{"error": "..."}\`. Warnings and
errors go to stderr. Colours and tables are for terminals; with \`NO_COLOR\` there are no colours. Times are shown in this
machine's time zone, in JSON as seconds since 1970.

## Environment

| variable | meaning |
|---|---|
| \`BEARER_TOKEN\`, \`BEARER_TOKEN_FILE\`, \`XDG_RUNTIME_DIR\` | where tokens are looked for |
| \`SCITOKEN\`, \`SCITOKEN_FILE\`, \`_CONDOR_CREDS\` | likewise, after those |
| \`SCITOKENS_CONFIG\` | the configuration file, where \`--config\` names none |
| \`SCITOKEN_CONFIG_*\` | single settings, over those of the file: [configuration.md](configuration.md) |
| \`SCITOKEN_CONFIG_TLS_CA_FILE\` | certificates of private CAs, where \`--ca-file\` names none |
| \`XDG_CACHE_HOME\` | where the key cache is: its folder \`scitokens\`; else \`~/.cache/scitokens\` |
| \`NODE_EXTRA_CA_CERTS\` | Node's own way to trust private CAs |
| \`NO_COLOR\`, \`TERM=dumb\` | no colours |

## Files

| file | what it holds |
|---|---|
| \`~/.cache/scitokens/\` | public keys of issuers, so that not every run asks for them; see \`scitokens keys\`, \`--no-key-cache\` |
| \`~/.config/scitokens/scitokens.ini\`, \`/etc/scitokens/scitokens.ini\` | the configuration: [configuration.md](configuration.md) |
| \`$XDG_RUNTIME_DIR/bt_u$ID\`, \`/tmp/bt_u$ID\` | the user's token |
| \`scitokens-with-*\` in \`$XDG_RUNTIME_DIR\`, else in \`$TMPDIR\` or \`/tmp\` | the token of a \`scitokens with\` that runs. After SIGKILL it stays until the user's next \`scitokens with\` |
| \`/etc/jwks/\`, \`/var/cache/jwks/\` | the WLCG system cache of keys, with \`--system-keys\` |

## Commands
`;

/** docs/cli.md: the help of every command, as it is printed. */
export async function writeCliReference(): Promise<string> {
  const program = await createProgram(silentIo());
  const parts = [CLI_INTRODUCTION, await section([])];
  for (const path of program.commands.flatMap(pathsOf)) parts.push(await section(path));
  return `${parts.join("\n").trimEnd()}\n`;
}

function pathsOf(command: Command): readonly (readonly string[])[] {
  const own = command.name();
  return [[own], ...command.commands.flatMap(pathsOf).map((path) => [own, ...path])];
}

async function section(path: readonly string[]): Promise<string> {
  const { stdout } = await runCli([...path, "--help"]);
  return `### ${["scitokens", ...path].join(" ")}\n\n\`\`\`text\n${stdout.trimEnd()}\n\`\`\`\n`;
}

const EXPLAIN_INTRODUCTION = `# What \`scitokens explain\` says

${RENEW}

\`scitokens explain AUTHZ PATH\` says whether a token allows something, and if not, why not and what to do next. Here are the
refusals that people meet, each as it is printed; the clock of these examples stands at 2026-09-21T14:13:20+00:00. The same
as JSON: \`--json\`. All options: [cli.md](cli.md).

The explanation holds no part of the token: it may be sent to whoever runs the issuer or the server.
`;

/** docs/explain.md: each refusal, made to happen. */
export async function writeExplainPage(): Promise<string> {
  const links = REFUSALS.map(({ title }) => `- [${title}](#${anchor(title)})`).join("\n");
  const parts = [EXPLAIN_INTRODUCTION, `${links}\n`];
  for (const refusal of REFUSALS) {
    const { stdout, code } = await explainRefusal(refusal);
    const command = ["scitokens explain", ...refusal.asked].join(" ");
    parts.push(
      `## ${refusal.title}\n\n\`${command}\` ends with exit code ${code}:\n\n\`\`\`text\n${stdout.trimEnd()}\n\`\`\`\n`,
    );
  }
  return `${parts.join("\n").trimEnd()}\n`;
}

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}
