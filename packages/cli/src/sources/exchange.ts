// A token for another token: narrower, or for another service. RFC 8693.
import { environmentTokens, tokenExchange, tokenFile } from "@scitokens/client";
import { Option } from "../command.js";
import type { SourceKind } from "./kind.js";
import { oauthOptions, readOAuth } from "./oauth-flags.js";

export const exchangeKind: SourceKind = {
  name: "exchange",
  summary: "for a token that is at hand: narrower, or for another service",
  description: "Exchanges a token at its issuer, for a narrower one or one for another service (RFC 8693).",
  options: [
    ...oauthOptions,
    () => new Option("--subject-token-file <file>", "the token to give; else the one that discovery finds"),
  ],
  examples: [
    {
      run: "scitokens get exchange --issuer https://issuer.example.org --client-id portal --client-secret-file portal.secret --audience https://data.example.org --scope read:/store/run7 --print",
      shows: "a narrower token for one service, printed",
    },
  ],
  async create(io, flags) {
    const { env, uid, clock } = io;
    const { subjectTokenFile: file } = flags;
    const subject = file === undefined ? environmentTokens({ env, uid, clock }) : tokenFile(file, { uid, clock });
    return tokenExchange({ ...(await readOAuth(io, flags)), subject });
  },
};
