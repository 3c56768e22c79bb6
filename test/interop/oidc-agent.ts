// A real oidc-agent on a socket of the test's own, and an account in it by the device flow. Interop 8.
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CERTIFICATE } from "./certificate.js";
import type { Ran, Workshop } from "./workshop.js";

export interface Agent {
  readonly socket: string;
  /** Runs one of the agent's programs with arguments; passwords are in the environment. */
  readonly run: (program: "oidc-add" | "oidc-gen" | "oidc-token", args: readonly string[]) => Promise<Ran>;
  /** Makes an account and loads it: `oidc-gen`, which waits until the device code is approved. */
  readonly generate: (account: string, issuer: string, args: readonly string[]) => Promise<Ran>;
}

export async function startOidcAgent(workshop: Workshop): Promise<Agent> {
  const socket = join(workshop.folder, "agent.sock");
  const env = { OIDC_SOCK: socket, OIDC_CONFIG_DIR: workshop.makeFolder("accounts"), ACCOUNT_PASSWORD: "of the test" };
  const server = workshop.serve("oidc-agent", ["--console", "--no-autoload", "--socket-path", socket], { env });
  // It says nothing when it is ready: whoever wants to know must knock.
  for (let tries = 1; !(await answers(socket)); tries++) {
    if (tries === 500) throw new Error(`oidc-agent does not listen:\n${server.output()}`);
    await delay(20);
  }
  const run: Agent["run"] = (program, args) => workshop.run(program, args, { env });
  const certificate = workshop.write("authority.pem", CERTIFICATE);
  const silent = ["--prompt=none", "--confirm-default", "--no-url-call", "--pw-env=ACCOUNT_PASSWORD"];
  return {
    socket,
    run,
    generate: (account, issuer, args) =>
      run("oidc-gen", [
        account,
        "--flow=device",
        `--issuer=${issuer}`,
        `--cert-path=${certificate}`,
        ...silent,
        ...args,
      ]),
  };
}

async function answers(socket: string): Promise<boolean> {
  const connection = connect(socket);
  try {
    await once(connection, "connect");
    return true;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}
