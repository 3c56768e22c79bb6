// The environment of the command: where the token is, by every name that programs know, and nothing that is a secret.
import { SECRET_VARIABLE } from "../sources/oauth-flags.js";

/** Programs take a token of these before one of a file; and the client's secret is none of the command's business. */
const NOT_PASSED_ON = ["BEARER_TOKEN", "SCITOKEN", SECRET_VARIABLE];

type Env = Readonly<Record<string, string | undefined>>;

export function environmentFor(env: Env, file: string): Env {
  const passedOn = Object.entries(env).filter(([name]) => !NOT_PASSED_ON.includes(name));
  // SCITOKEN_FILE, for igwn's programs: they look at HTCondor's folder before BEARER_TOKEN_FILE.
  return { ...Object.fromEntries(passedOn), BEARER_TOKEN_FILE: file, SCITOKEN_FILE: file };
}
