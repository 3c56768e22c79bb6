// An example as a program, started beside a development issuer, and how it answers.
import { startDevIssuer } from "@scitokens/issuer";
import type { DevIssuer } from "@scitokens/issuer";
import { root } from "../structure/sources.js";
import { start } from "./run.js";

export interface Example {
  readonly url: string;
  stop(): Promise<void>;
}

export interface Trust {
  readonly issuer: string;
  readonly audience: string;
}

/** Starts the service of examples/<name> on a free port. */
export async function startExample(name: string, { issuer, audience }: Trust): Promise<Example> {
  const env = { ISSUER: issuer, AUDIENCE: audience, PORT: "0" };
  const running = start("node", ["dist/service.js"], { cwd: `${root}examples/${name}`, env });
  const [, url = ""] = await running.printed(/listening on (http:\S+)/);
  return { url, stop: () => running.stop() };
}

export interface ExampleUnderTest {
  readonly url: string;
  readonly issuer: DevIssuer;
  /** A token for the example. */
  token(claims: object): Promise<string>;
  /** The status of its answer. */
  status(path: string, raw?: string, method?: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts an example with a development issuer of its own. */
export async function exampleUnderTest(name: string, audience: string): Promise<ExampleUnderTest> {
  const issuer = await startDevIssuer();
  const example = await startExample(name, { issuer: issuer.issuer, audience });
  return {
    url: example.url,
    issuer,
    token: (claims) => issuer.token({ aud: audience, ...claims }),
    async status(path, raw, method = "GET") {
      const headers = raw === undefined ? {} : { Authorization: `Bearer ${raw}` };
      return (await fetch(example.url + path, { headers, method })).status;
    },
    async stop() {
      await example.stop();
      await issuer.close();
    },
  };
}
