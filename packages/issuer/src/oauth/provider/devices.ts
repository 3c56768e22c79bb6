// Device codes that wait for a person. RFC 8628 3.3, 3.5.
import type { Client, DeviceCode, default as Provider } from "oidc-provider";
import { systemClock } from "../../clock.js";
import { ASKED, readAsked } from "../grants/asked.js";
import { grantBy } from "../grants/policy.js";
import { Refused } from "../refused.js";
import type { UserSettings } from "../user-options.js";
import type { Desk } from "./desk.js";
import { saveGrant, staticScope } from "./grants.js";
import type { Devices } from "./questions.js";

/** Makes the answers to one provider's device codes. */
export function createDevices(provider: Provider, desk: Desk): Devices {
  const find = async (userCode: string): Promise<{ code: DeviceCode; client: Client } | undefined> => {
    // As people type it: lower case, with blanks or another dash.
    const code = await provider.DeviceCode.findByUserCode(userCode.toUpperCase().replace(/[^A-Z0-9]/g, ""));
    if (code === undefined || code.isExpired || code.accountId !== undefined || code.error !== undefined)
      return undefined;
    const client = await provider.Client.find(code.clientId ?? "");
    return client === undefined ? undefined : { code, client };
  };
  return {
    find: async (userCode) => {
      const found = await find(userCode);
      if (found === undefined) return undefined;
      const { code, client } = found;
      const granted = desk.admit(client, readAsked(code.params?.[ASKED]));
      return { clientName: client.clientName ?? client.clientId, granted };
    },
    answer: async (userCode, user) => {
      const found = await find(userCode);
      if (found === undefined) return false;
      if (user === undefined) await deny(found.code, "the user has not allowed it");
      else await allow(provider, desk, { ...found, user });
      return true;
    },
  };
}

interface Allowed {
  readonly code: DeviceCode;
  readonly client: Client;
  readonly user: UserSettings;
}

async function allow(provider: Provider, desk: Desk, { code, client, user }: Allowed): Promise<void> {
  try {
    const granted = grantBy(user, desk.admit(client, readAsked(code.params?.[ASKED])));
    const grantId = await saveGrant(provider, { granted, clientId: client.clientId, accountId: user.sub });
    const scope = staticScope(granted).join(" ");
    Object.assign(code, { accountId: user.sub, grantId, scope, authTime: Math.floor(systemClock()) });
    await code.save();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await deny(code, error.message);
  }
}

async function deny(code: DeviceCode, errorDescription: string): Promise<void> {
  Object.assign(code, { error: "access_denied", errorDescription });
  await code.save();
}
