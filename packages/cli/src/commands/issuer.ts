// scitokens issuer: the development issuer, with OAuth, until Ctrl-C. It gives tokens to whoever asks, on this machine alone.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { SigningAlgorithm, SigningKey } from "@scitokens/issuer";
import type { OAuthIssuer, OAuthIssuerOptions, OAuthProfile } from "@scitokens/issuer/oauth";
import type { AddCommand } from "../command.js";
import { InvalidArgumentError, Option } from "../command.js";
import { Trouble } from "../exit.js";
import { audienceOption, durationOption, jsonOption } from "../input/options.js";
import { readTextFile } from "../input/read-text.js";
import type { Io } from "../io.js";
import { privateText } from "../key-files/key-text.js";
import { newSigningKey } from "../key-files/new-signing-key.js";
import { readSigningKey } from "../key-files/read-signing-key.js";
import { writeNewFile } from "../key-files/write-new-file.js";
import { warn } from "../output/print.js";
import { printable } from "../output/printable.js";
import { addExamples } from "../reference/examples.js";
import { shellWord } from "../trust/shell-word.js";

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly path?: string;
  readonly key?: string;
  readonly alg: string;
  readonly profile: OAuthProfile;
  readonly audience?: readonly string[];
  readonly lifetime?: number;
  readonly approve: "ask" | "everyone";
  readonly tlsKey?: string;
  readonly tlsCert?: string;
  readonly json?: boolean;
}

export const addIssuer: AddCommand = (program, io) => {
  const command = program
    .command("issuer")
    .summary("run an issuer for development on this machine")
    .description(
      "Runs an issuer for development until Ctrl-C: metadata, keys, OAuth (client credentials, device code, authorization " +
        "code, refresh, token exchange, registration) and POST /issue. It gives tokens to whoever asks: it listens on " +
        "loopback alone, and does not start with NODE_ENV=production.",
    )
    .addOption(new Option("--port <number>", "the port; 0: any free one").argParser(parsePort).default(8080))
    .addOption(new Option("--host <address>", "a loopback address").default("127.0.0.1"))
    .addOption(new Option("--path <path>", "the path of the issuer's URL, as /vo1"))
    .addOption(
      new Option("--key <file>", "the private key, so that tokens outlive a restart; made where there is none"),
    )
    .addOption(new Option("--alg <alg>", "the algorithm of a new key").default("ES256"))
    .addOption(
      new Option("--profile <name>", "the profile of its tokens")
        .choices(["scitokens-2", "wlcg"])
        .default("scitokens-2"),
    )
    .addOption(audienceOption("the aud of tokens that are asked for without one"))
    .addOption(durationOption("--lifetime <time>", "how long access tokens live; else 10 min"))
    .addOption(
      new Option("--approve <who>", "everyone: nobody is asked in a browser")
        .choices(["ask", "everyone"])
        .default("ask"),
    )
    .addOption(new Option("--tls-cert <file>", "a certificate in PEM: speaks https"))
    .addOption(new Option("--tls-key <file>", "its private key"))
    .addOption(jsonOption());
  addExamples(command, [
    { run: "scitokens issuer", shows: "on http://127.0.0.1:8080, with a new key" },
    { run: "scitokens issuer --port 0 --key issuer.pem --approve everyone", shows: "any port, the same key each time" },
  ]).action((flags: Flags) => issue(io, flags));
};

async function issue(io: Io, flags: Flags): Promise<void> {
  const issuer = await start(await readOptions(io, flags));
  io.stdout.write(
    flags.json === true ? `${JSON.stringify({ issuer: issuer.issuer, url: issuer.url })}\n` : howTo(issuer, flags),
  );
  if (!io.signal.aborted) await new Promise((ended) => io.signal.addEventListener("abort", ended, { once: true }));
  await issuer.close();
}

async function start(options: OAuthIssuerOptions): Promise<OAuthIssuer> {
  // What it is built on is large: the other commands do without.
  const { startOAuthIssuer } = await import("@scitokens/issuer/oauth");
  try {
    return await startOAuthIssuer(options);
  } catch (error) {
    // Wrong options, a port that is taken, NODE_ENV=production: all of them say what to do.
    throw new Trouble(printable(error instanceof Error ? error.message : "the issuer does not start"));
  }
}

async function readOptions(io: Io, flags: Flags): Promise<OAuthIssuerOptions> {
  const { port, host, path, profile, audience, lifetime, approve, tlsCert, tlsKey, alg } = flags;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new Trouble("--tls-cert and --tls-key go together");
  const tls =
    tlsCert === undefined || tlsKey === undefined
      ? undefined
      : { cert: await readTextFile(io, tlsCert), key: await readTextFile(io, tlsKey) };
  const keys =
    flags.key === undefined ? { algs: [alg as SigningAlgorithm] } : { keys: [await openKey(io, flags.key, alg)] };
  return { port, host, path, profile, audience, approve, tls, lifetimes: { accessToken: lifetime }, ...keys };
}

async function openKey(io: Io, file: string, alg: string): Promise<SigningKey> {
  if (existsSync(file)) return readSigningKey(io, { file });
  const key = await newSigningKey({ alg });
  await writeNewFile({ path: file, text: privateText(key, "pkcs8"), isPrivate: true }, false);
  warn(io, `a new ${key.alg} key was written to ${printable(file)}`);
  return key;
}

function howTo({ issuer }: OAuthIssuer, { tlsCert }: Flags): string {
  const ca = tlsCert === undefined ? undefined : (shellWord(resolve(tlsCert)) ?? "CERTIFICATE");
  const flags = `--issuer ${issuer} ${ca === undefined ? "--allow-insecure-issuer" : `--ca-file ${ca}`}`;
  const curl = ca === undefined ? "curl" : `curl --cacert ${ca}`;
  return [
    `issuer   ${issuer}`,
    "clients  demo (people, no secret), demo-service (programs, secret demo-secret)",
    "",
    "A token for a person, confirmed in a browser:",
    `  scitokens get device ${flags} --client-id demo --scope read:/`,
    "A token for a program:",
    `  echo demo-secret | scitokens get client-credentials ${flags} --client-id demo-service --client-secret-file - --scope read:/`,
    "A token with any claims:",
    `  ${curl} -H 'content-type: application/json' -d '{"claims":{"scope":"read:/"}}' ${issuer}/issue`,
    "",
    "Ctrl-C ends it.",
    "",
  ].join("\n");
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a port, 0 to 65535.");
}
