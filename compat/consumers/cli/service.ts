// The command as a function: makes a token, and says what it grants.
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { run } from "@scitokens/cli";
import type { ExitCode, Io } from "@scitokens/cli";
import { report } from "./check-answers.js";
import { sameType } from "./same-type.js";

/** Runs the command away from this process's own streams and environment. */
async function scitokens(argv: readonly string[]): Promise<{ readonly code: ExitCode; readonly out: string }> {
  let out = "";
  const io: Io = {
    stdin: Readable.from([]),
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (out += text) },
    env: {},
    uid: undefined,
    clock: () => Date.now() / 1000,
    fetch: globalThis.fetch,
    signal: new AbortController().signal,
  };
  const code = await run(argv, io);
  sameType<typeof code, ExitCode>(true);
  return { code, out };
}

async function checkCommand(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "scitokens-cli-"));
  const [key, jwks, token] = ["key.jwk", "jwks.json", "token"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const issuer = "https://issuer.example.org";
  const audience = "https://data.example.org";
  const trust = ["--issuer", issuer, "--audience", audience, "--jwks", jwks, "--token-file", token];
  const cases = [
    [0, ["create-key", "--out", key, "--public", jwks, "--format", "jwk"]],
    [
      0,
      ["create-token", "--key", key, "--issuer", issuer, "--audience", audience, "--scope", "read:/", "--out", token],
    ],
    [0, ["verify", ...trust]],
    [0, ["test", "read", "/data", ...trust]],
    [1, ["test", "write", "/data", ...trust]],
  ] as const;
  try {
    for (const [code, argv] of cases) {
      const ended = await scitokens(argv);
      assert.equal(ended.code, code, `${argv[0]}: ${ended.out}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

report(checkCommand());
