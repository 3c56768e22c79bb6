// oidc-provider as the rest of the issuer sees it: a handler of requests, and its two questions to people.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { KoaContextWithOIDC } from "oidc-provider";
import type { MintingParty } from "../grants/mint-grant.js";
import { finishAnswers } from "./answers.js";
import { configure } from "./configuration.js";
import type { ConfigurationParts } from "./configuration.js";
import { createConsents } from "./consents.js";
import { createDevices } from "./devices.js";
import type { Consents, Devices } from "./questions.js";
import { addTokenExchange } from "./token-exchange.js";

/** A provider with the keys of one time. */
export interface OAuthProvider {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly devices: Devices;
  readonly consents: Consents;
}

/** Makes the provider; a rotation of the keys makes another one over the same storage. */
export function createProvider(parts: ConfigurationParts & { readonly party: MintingParty }): OAuthProvider {
  const { library, settings, desk, party } = parts;
  const provider = new library.Provider(party.issuer, configure(parts));
  provider.silent = true; // else Koa prints what goes wrong
  const devices = createDevices(provider, desk);
  addTokenExchange(provider, { ...party, settings, errors: library.errors }, desk);
  provider.use(async (ctx, next) => {
    await next();
    if (!hasEndpoint(ctx)) return;
    await finishAnswers(ctx, {
      desk,
      devices,
      everyone: settings.approve === "everyone" ? settings.users[0] : undefined,
    });
  });
  const callback = provider.callback();
  return {
    handle: (request, response) => callback(request, response),
    devices,
    consents: createConsents(provider, desk),
  };
}

/** The provider gives a request its context where an endpoint was found. */
function hasEndpoint(ctx: object): ctx is KoaContextWithOIDC {
  return "oidc" in ctx;
}
