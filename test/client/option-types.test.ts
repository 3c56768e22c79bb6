// Options of a wrong type are said at start, by their names: JavaScript has no types to say it before.
import {
  authorizationCode,
  clientCredentials,
  demoToken,
  deviceCode,
  environmentTokens,
  oidcAgent,
  refreshToken,
  tokenExchange,
  tokenFile,
  vault,
  vaultKerberosLogin,
  vaultLogin,
} from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { CLIENT } from "./oauth-stand-in.js";

const made: Readonly<Record<string, (options: never) => unknown>> = {
  authorizationCode,
  clientCredentials,
  deviceCode,
  oidcAgent,
  refreshToken,
  tokenExchange,
  vault,
};

describe("no options at all", () => {
  it.each(Object.entries(made))("%s", (name, make) => {
    for (const none of [undefined, null, "x", []]) {
      expect(typeErrorOf(() => make(wrong(none)))).toBe(`${name}: expected an object of options`);
    }
  });

  it("in what is awaited", async () => {
    await expect(vaultLogin(wrong(undefined))).rejects.toThrow("vaultLogin: expected an object of options");
    await expect(vaultKerberosLogin(wrong(undefined))).rejects.toThrow(/^vaultKerberosLogin: expected an object/);
    await expect(demoToken({}, wrong(undefined))).rejects.toThrow("demoToken: expected an object of options");
  });
});

it.each<[string, () => unknown, string]>([
  [
    "allowInsecureIssuer",
    () => clientCredentials(wrong({ ...CLIENT, allowInsecureIssuer: "no" })),
    "allowInsecureIssuer must be one of true, false",
  ],
  [
    "allowInsecureAddress",
    () => vault(wrong({ address: "vault.test", allowInsecureAddress: 1 })),
    "allowInsecureAddress must be one of true, false",
  ],
  ["vaultToken", () => vault(wrong({ address: "vault.test", vaultToken: 5 })), "vaultToken must be a vault token"],
  ["uid", () => tokenFile("/x", wrong({ uid: "abc" })), "tokenFile: uid: expected a user's number"],
  ["uid, negative", () => environmentTokens({ uid: -1 }), "uid: expected a user's number"],
  [
    "tokenEndpoint alone, for a person",
    () =>
      authorizationCode({
        clientId: "cli",
        tokenEndpoint: "https://issuer.test/t",
        openUrl: () => {},
      }),
    "authorizationCode: issuer must be given",
  ],
])("%s", (_, make, sentence) => {
  expect(typeErrorOf(make)).toContain(sentence);
});

it.each<[object, string]>([
  [{ issuer: 5 }, "issuer must be a string"],
  [{ issuer: "" }, "issuer must be a string"],
  [{ fresh: "no" }, "fresh must be one of true, false"],
  [{ timeLeft: Infinity }, "timeLeft must be a number of seconds"],
  [{ timeLeft: "60" }, "timeLeft must be a number of seconds"],
  [{ signal: 5 }, "signal must be an AbortSignal"],
  [{ signal: null }, "signal must be an AbortSignal"],
])("a token request of %j", async (request, sentence) => {
  await expect(environmentTokens().token(wrong(request))).rejects.toThrow(sentence);
  await expect(environmentTokens().token(wrong(request))).rejects.toThrow(TypeError);
});
