// A token of oidc-agent's, by its socket. Interop 8.
import { oidcAgent } from "@scitokens/client";
import { Option } from "../command.js";
import { Trouble } from "../exit.js";
import { issuerOption } from "../input/options.js";
import type { SourceKind } from "./kind.js";
import { audienceFlag, scopeFlag } from "./oauth-flags.js";

export const agentKind: SourceKind = {
  name: "agent",
  summary: "from oidc-agent, by account or issuer",
  description: "Gets a token from the oidc-agent that runs ($OIDC_SOCK), by the name of an account or by its issuer.",
  options: [
    () => new Option("--account <name>", "the account, as oidc-add names it"),
    () => issuerOption("the issuer, where no account is named"),
    scopeFlag,
    audienceFlag,
    () => new Option("--socket <path>", "the agent's socket; else $OIDC_SOCK"),
  ],
  examples: [
    {
      run: "scitokens get agent --account wlcg --scope storage.read:/ --print",
      shows: "a narrowed token of an account",
    },
  ],
  create(io, { account, issuer, socket }) {
    if (account === undefined && issuer === undefined) {
      throw new Trouble("--account or --issuer is missing: whose token oidc-agent is to give");
    }
    const path = socket ?? io.env["OIDC_SOCK"];
    if (path === undefined || path === "") {
      throw new Trouble(
        "no socket of oidc-agent: is it running in this shell? ($OIDC_SOCK is not set; `eval $(oidc-agent)`)",
      );
    }
    return Promise.resolve(oidcAgent({ account, issuer, socket: path, hint: "scitokens" }));
  },
};
