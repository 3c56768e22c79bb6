// Authorization requests that wait for a person in a browser. RFC 6749 4.1.1, 4.1.2.1.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Client, Interaction, default as Provider } from "oidc-provider";
import { ASKED, readAsked } from "../grants/asked.js";
import { grantBy } from "../grants/policy.js";
import { Refused } from "../refused.js";
import type { Desk } from "./desk.js";
import { saveGrant } from "./grants.js";
import type { Consents } from "./questions.js";

/** Makes the answers to one provider's authorization requests. */
export function createConsents(provider: Provider, desk: Desk): Consents {
  const find = async (
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{ interaction: Interaction; client: Client } | undefined> => {
    const interaction = await details(provider, request, response);
    const { client_id: clientId } = interaction?.params ?? {};
    const client = typeof clientId === "string" ? await provider.Client.find(clientId) : undefined;
    return interaction === undefined || client === undefined ? undefined : { interaction, client };
  };
  return {
    find: async (request, response) => {
      const found = await find(request, response);
      if (found === undefined) return undefined;
      const { interaction, client } = found;
      const granted = desk.admit(client, readAsked(interaction.params[ASKED]));
      return { clientName: client.clientName ?? client.clientId, granted };
    },
    answer: async (request, response, user) => {
      const found = await find(request, response);
      if (found === undefined) throw new Refused("invalid_request", "the request is gone");
      const { interaction, client } = found;
      const finish = (result: Parameters<Provider["interactionFinished"]>[2]): Promise<void> =>
        provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
      try {
        if (user === undefined) throw new Refused("access_denied", "the user has not allowed it");
        const granted = grantBy(user, desk.admit(client, readAsked(interaction.params[ASKED])));
        const grantId = await saveGrant(provider, { granted, clientId: client.clientId, accountId: user.sub });
        await finish({ login: { accountId: user.sub }, consent: { grantId } });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        await finish({ error: error.code, error_description: error.message });
      }
    },
  };
}

/** The request that the browser's cookie belongs to; undefined where there is none, or no longer. */
async function details(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Interaction | undefined> {
  try {
    return await provider.interactionDetails(request, response);
  } catch (error) {
    if (error instanceof Error && error.name === "SessionNotFound") return undefined;
    throw error;
  }
}
