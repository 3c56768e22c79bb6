// The accounts of oidc-agent that a configuration names: opened with their passwords, in the agent that runs or in one of our own.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TokenError } from "@scitokens/client";
import { printable } from "../output/printable.js";
import type { AgentAccount } from "./config.js";
import { runProgram, startUntilReady } from "./programs.js";
import type { ProgramOptions } from "./programs.js";

export interface Agent {
  readonly socket: string;
  /** Opens an account, once. @throws {TokenError} when it cannot be opened; the next call tries again */
  readonly open: (account: AgentAccount) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Where osg-token-renewer's own service has its agent. */
const SERVICE_SOCKET = "/var/run/osg-token-renewer/oidc-agent";

/** The agent that runs, by $OIDC_SOCK or as osg-token-renewer's service has it; else one that lives as long as this command. */
export async function openAgent(options: ProgramOptions): Promise<Agent> {
  const named = options.env["OIDC_SOCK"];
  if (named !== undefined && named !== "") return agentAt(named, options, async () => {});
  if (existsSync(SERVICE_SOCKET)) return agentAt(SERVICE_SOCKET, options, async () => {});
  const folder = await mkdtemp(join(resolve(options.env["TMPDIR"] || tmpdir()), "scitokens-agent-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const socket = join(folder, "agent");
  try {
    const stop = await startUntilReady("oidc-agent", ["-d", "--quiet", `--socket-path=${socket}`], {
      ...options,
      socket,
    });
    return agentAt(socket, options, () => stop().then(remove));
  } catch (error) {
    await remove();
    throw error;
  }
}

function agentAt(socket: string, options: ProgramOptions, close: () => Promise<void>): Agent {
  const opened = new Map<string, Promise<void>>();
  const withSocket = { ...options, env: { ...options.env, OIDC_SOCK: socket } };
  const open = (account: AgentAccount): Promise<void> => {
    const before = opened.get(account.name);
    if (before !== undefined) return before;
    const opening = addAccount(account, withSocket);
    opened.set(account.name, opening);
    opening.catch(() => opened.delete(account.name));
    return opening;
  };
  return { socket, open, close };
}

/** What oidc-add ends with for an option that it does not know (sysexits' EX_USAGE). */
const USAGE = 64;

/**
 * `--pw-store`: some issuers give a new refresh token every time, which the agent has to write down. `--skip-check`: no
 * token is asked for while the account is opened; oidc-agent 4 has no such option.
 */
async function addAccount({ name, passwordFile }: AgentAccount, options: ProgramOptions): Promise<void> {
  const source = `oidc-agent's account ${printable(name, 60)}`;
  if (name.startsWith("-")) throw new TokenError("unusable", `${source}: no name of an account`, { source });
  const args = ["--pw-store", `--pw-file=${passwordFile}`, name];
  let ended = await runProgram("oidc-add", ["--skip-check", ...args], options);
  if (ended.code === USAGE) ended = await runProgram("oidc-add", args, options);
  if (ended.code === 0) return;
  const [said = ""] = ended.errors.trim().split("\n").slice(-1);
  throw new TokenError("unusable", `${source} cannot be opened: ${printable(said, 200)}`, { source });
}
