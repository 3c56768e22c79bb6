// A service's own token, by its id and secret. RFC 6749 4.4.
import { clientCredentials } from "@scitokens/client";
import { Trouble } from "../exit.js";
import type { SourceKind } from "./kind.js";
import { oauthOptions, readOAuth, SECRET_VARIABLE } from "./oauth-flags.js";

export const clientCredentialsKind: SourceKind = {
  name: "client-credentials",
  summary: "by a client's id and secret: for services and robots",
  description: "Gets a token for a service, by its client id and secret (RFC 6749 4.4).",
  options: oauthOptions,
  examples: [
    {
      run: "scitokens get client-credentials --issuer https://issuer.example.org --client-id robot --client-secret-file robot.secret --scope read:/store",
      shows: "a robot's token, its secret in a file",
    },
  ],
  async create(io, flags) {
    const options = await readOAuth(io, flags);
    if (options.clientSecret === undefined) {
      throw new Trouble(`the client's secret is missing: give --client-secret-file, or $${SECRET_VARIABLE}`);
    }
    return clientCredentials(options);
  },
};
