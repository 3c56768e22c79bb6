// One question to oidc-agent: a JSON object into its socket, a JSON object back. oidc-agent's IPC API, interop 8.
import { lstat } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { DeadlineError, within } from "../base/deadline.js";
import { TokenError } from "../base/errors.js";
import { printable } from "../base/printable.js";
import { readObject } from "../base/read-object.js";
import type { JsonFields } from "../base/read-object.js";

/** What is said of the agent in messages, and where its tokens come from. */
export const AGENT = "oidc-agent";

/** Where the agent is, and how long it may take. */
export interface AgentOptions {
  /** The path of its socket. Default: `$OIDC_SOCK`, else where a system's oidc-agent-service puts it. */
  readonly socket?: string | undefined;
  /** Seconds for the answer; an agent that asks a person for a password takes longer. Default 10. */
  readonly timeout?: number | undefined;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

export type AgentAnswer = JsonFields;

const MOST = 256 * 1024; // bytes

/**
 * @throws {TokenError} `not_found`: no agent there · `unreachable`: it does not answer, or not in JSON
 */
export async function askAgent(question: object, options: AgentOptions, signal?: AbortSignal): Promise<AgentAnswer> {
  const { socket, timeout = 10, env = process.env } = options;
  const path = socket ?? env["OIDC_SOCK"] ?? (await serviceSocket(env));
  if (path === undefined || path === "") throw noAgent("OIDC_SOCK is not set");
  try {
    return await within({ seconds: timeout, signal }, (ended) => converse(path, JSON.stringify(question), ended));
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    throw trouble(`${error.message}; does it wait for a person? timeout gives it longer`);
  }
}

function converse(path: string, question: string, signal: AbortSignal): Promise<AgentAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const socket = connect({ path });
    const end = (settle: () => void): void => {
      settle();
      socket.destroy();
    };
    signal.addEventListener("abort", () => socket.destroy(), { once: true });
    socket.on("connect", () => socket.write(question));
    socket.on("error", (error: NodeJS.ErrnoException) => end(() => reject(connectionError(error, length))));
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > MOST) return end(() => reject(trouble(`its answer is larger than ${MOST} bytes`)));
      // The agent may leave the connection open: a whole object is a whole answer.
      const answer = chunk.includes("}") ? parse(chunks) : undefined;
      if (answer !== undefined) end(() => resolve(answer));
    });
    socket.on("end", () => {
      const answer = parse(chunks);
      const why = length === 0 ? "it closed the connection without an answer" : "its answer is no JSON object";
      end(() => (answer === undefined ? reject(trouble(why)) : resolve(answer)));
    });
  });
}

function parse(chunks: readonly Buffer[]): AgentAnswer | undefined {
  // Some versions write the NUL that ends a string of C.
  return readObject(Buffer.concat(chunks).toString("utf8").replace(/\0+$/, ""));
}

/** The socket of an agent that systemd runs for a user; /tmp is everybody's, so it must be this user's own. */
async function serviceSocket(env: NonNullable<AgentOptions["env"]>): Promise<string | undefined> {
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  const folder = join(env["TMPDIR"] ?? "/tmp", `oidc-agent-service-${uid}`);
  try {
    const owner = await lstat(folder);
    return owner.isDirectory() && owner.uid === uid ? join(folder, "oidc-agent.sock") : undefined;
  } catch {
    return undefined; // there is none
  }
}

function connectionError({ code = "" }: NodeJS.ErrnoException, received: number): TokenError {
  if (received > 0) return trouble("the connection broke within its answer");
  if (code === "ENOENT" || code === "ECONNREFUSED") return noAgent("nobody listens at its socket");
  return trouble(`its socket cannot be used (${printable(code)})`);
}

function noAgent(why: string): TokenError {
  return new TokenError("not_found", `${AGENT}: ${why}; is oidc-agent running?`, { source: AGENT });
}

function trouble(why: string): TokenError {
  return new TokenError("unreachable", `${AGENT}: ${why}`, { source: AGENT });
}
