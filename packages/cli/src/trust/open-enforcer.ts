// An enforcer from the command's options: what is not said is not trusted, and the sentence that says so helps.
import { createEnforcer } from "@scitokens/core";
import type { Algorithm, Enforcer, IssuerOptions, ProfileName } from "@scitokens/core";
import { Trouble } from "../exit.js";
import { readTextFile } from "../input/read-text.js";
import type { Io } from "../io.js";
import { readJwkSet } from "../key-files/jwk-set.js";
import { fetchWithCa } from "../network/fetch-with-ca.js";
import { printable } from "../output/printable.js";
import { asTrouble } from "./flag-words.js";
import type { TrustFlags } from "./options.js";
import { readSettings } from "./settings.js";
import { flagWith, shellWord } from "./shell-word.js";
import { audienceClaim, readUnverified, textClaim } from "./unverified.js";

/** An enforcer with what it was told, for sentences about its verdicts. */
export interface Judge {
  readonly enforcer: Enforcer;
  readonly issuer: string;
  /** Empty: the server has no name. */
  readonly audience: readonly string[];
  readonly basePaths: readonly string[];
  /** What this run was told of the way to its issuer, as a command line has it. */
  readonly network: readonly string[];
  close(): Promise<void>;
}

/** Opens an enforcer for one task. A task that Ctrl-C has ended has no result, whatever it found. */
export async function useEnforcer<T>(
  io: Io,
  { flags, raw }: { readonly flags: TrustFlags; readonly raw: string },
  task: (judge: Judge) => Promise<T>,
): Promise<T> {
  const judge = await openEnforcer(io, flags, raw);
  try {
    const result = await task(judge);
    io.signal.throwIfAborted();
    return result;
  } finally {
    await judge.close();
  }
}

/**
 * An enforcer that somebody else closes.
 * @param raw the token that is to be judged: it only proposes what to say, and is not believed
 * @throws {Trouble} for options that are missing or wrong, and for files that cannot be read
 */
export async function openEnforcer(io: Io, flags: TrustFlags, raw: string): Promise<Judge> {
  const issuer = flags.issuer ?? refuseToGuess("issuer", raw);
  const audience = flags.audience ?? refuseToGuess("audience", raw);
  const options = {
    issuer: await issuerOptions(io, issuer, flags),
    audience: audience === false ? null : audience,
    ...(flags.clockTolerance !== undefined && { clockTolerance: flags.clockTolerance }),
    ...(flags.allowMissingAudience === true && { allowMissingAudience: true }),
  };
  const settings = readSettings(io, flags);
  const keys = { ...settings.keys, fetch: await fetchWithCa(io, flags.caFile ?? settings.caFile) };
  const enforcer = asTrouble(() => createEnforcer({ ...options, keys, clock: io.clock, onEvent: settings.onEvent }));
  return {
    enforcer,
    issuer,
    audience: audience === false ? [] : audience,
    basePaths: flags.basePath ?? [],
    network: networkFlags(flags),
    async close() {
      await settings.settled();
      enforcer.close();
    },
  };
}

function networkFlags({ allowInsecureIssuer, caFile }: TrustFlags): readonly string[] {
  return [
    ...(allowInsecureIssuer === true ? ["--allow-insecure-issuer"] : []),
    ...(caFile === undefined ? [] : [flagWith("--ca-file", caFile, "PEM")]),
  ];
}

async function issuerOptions(io: Io, issuer: string, flags: TrustFlags): Promise<IssuerOptions> {
  return {
    issuer,
    ...(flags.jwks !== undefined && { jwks: await readJwkSet(io, flags.jwks, "for PEM use --public-key") }),
    ...(flags.publicKey !== undefined && { publicKey: await readTextFile(io, flags.publicKey) }),
    ...(flags.jwksUri !== undefined && { jwksUri: flags.jwksUri }),
    ...(flags.basePath !== undefined && { basePath: flags.basePath }),
    // The core checks the names, and proposes the one that was meant.
    ...(flags.profile !== undefined && { profiles: flags.profile as readonly ProfileName[] }),
    ...(flags.algorithm !== undefined && { algorithms: flags.algorithm as readonly Algorithm[] }),
    ...(flags.allowInsecureIssuer === true && { allowInsecureIssuer: true }),
  };
}

/** Nothing is trusted because a token says so; but what it says is the likely thing to type. */
function refuseToGuess(what: "issuer" | "audience", raw: string): never {
  const words = readUnverified(raw);
  if (what === "issuer") {
    const says = textClaim(words, "iss");
    const proposal = says !== undefined && shellWord(says) !== undefined ? ` ${flagWith("--issuer", says, "URL")}` : "";
    const known =
      proposal === ""
        ? ""
        : `. The token says that it comes from ${printable(says ?? "")}: if you trust it, add${proposal}`;
    throw new Trouble(`--issuer is missing: no issuer is trusted unless you name it${known}`);
  }
  const [says] = audienceClaim(words);
  const known =
    words === undefined
      ? ""
      : says === undefined
        ? ". The token is for no server in particular: --no-audience takes it"
        : `. The token says that it is for ${printable(says)}: if that is the server, add ${flagWith("--audience", says, "NAME")}`;
  throw new Trouble(`--audience is missing: the name of the server that the token is to be good for${known}`);
}
