// The options of an OAuth client, and what they come to. Its secret comes from a file, stdin or the environment, never from argv.
import type { OAuthOptions } from "@scitokens/client";
import { Option } from "../command.js";
import { Trouble } from "../exit.js";
import { audienceOption, caFileOption, insecureOption, issuerOption, scopeOption, collect } from "../input/options.js";
import type { Io } from "../io.js";
import { fetchWithCa } from "../network/fetch-with-ca.js";
import type { SourceFlags } from "./kind.js";
import { readSecret } from "./read-secret.js";

/** The variable that holds a client's secret, where no file does. */
export const SECRET_VARIABLE = "SCITOKENS_CLIENT_SECRET";

const oneOf =
  (flags: string, description: string): (() => Option) =>
  () =>
    new Option(flags, description);

export const audienceFlag = (): Option => audienceOption("the service that the token is for");
export const scopeFlag = (): Option => scopeOption("what the token is to allow");
export const resourceFlag = (): Option =>
  new Option("--resource <url>", "the service as a URL, where the issuer wants it so (may be repeated)").argParser(
    collect,
  );

/** What an OAuth client needs, whatever it asks for. */
export const oauthOptions: readonly (() => Option)[] = [
  () => issuerOption("the issuer to ask"),
  oneOf("--client-id <id>", "the client's id at the issuer"),
  oneOf(
    "--client-secret-file <file>",
    `the file that holds the client's secret, - for stdin; else $${SECRET_VARIABLE}`,
  ),
  scopeFlag,
  audienceFlag,
  resourceFlag,
  () =>
    new Option("--audience-style <style>", "how several audiences are written").choices([
      "space-separated",
      "repeated",
      "resource",
    ]),
  oneOf("--token-endpoint <url>", "the token endpoint, of an issuer without metadata"),
  caFileOption,
  insecureOption,
];

/** @throws {Trouble} when the issuer or the client's id is missing */
export async function readOAuth(io: Io, flags: SourceFlags): Promise<OAuthOptions> {
  const { issuer, tokenEndpoint, clientId, audienceStyle, allowInsecureIssuer } = flags;
  if (issuer === undefined && tokenEndpoint === undefined) throw new Trouble("--issuer is missing: the issuer's URL");
  if (clientId === undefined) throw new Trouble("--client-id is missing: what the issuer calls this client");
  return {
    issuer,
    tokenEndpoint,
    clientId,
    clientSecret: await readSecret(io, { file: flags.clientSecretFile, variable: SECRET_VARIABLE }),
    audienceStyle,
    allowInsecureIssuer,
    fetch: await fetchWithCa(io, flags.caFile),
    clock: io.clock,
  };
}
