// The configuration file of osg-token-renewer, and when a token is renewed next. Interop 10.
import { inspect } from "node:util";
import { parseIni } from "@scitokens/core/node";
import { describe, expect, it } from "vitest";
import { readRenewConfig } from "../../packages/cli/src/renew/config.js";
import { afterFailures, untilRenewal } from "../../packages/cli/src/renew/schedule.js";

const read = (text: string) => readRenewConfig(parseIni(text));

const GOOD = `
# two accounts, three tokens
[account wlcg]
password_file = /etc/osg/tokens/wlcg.pw

[account robot]
token_request_url = https://issuer.example.org/token
client_id = robot
client_secret = hunter%%2

[token ce]
account = wlcg
token_path = /etc/osg/tokens/ce.token
audience = ce.example.org:9619 ce2.example.org:9619
scope = compute.read compute.create
min_lifetime = 3600

[token Store]
Account: robot
token_path: /etc/osg/tokens/store.token
scope = read:/store
    write:/store/robot

[token plain]
account = robot
token_path = /etc/osg/tokens/plain.token
audience =
`;

it("reads accounts and tokens as osg-token-renewer does", () => {
  const { tokens, warnings } = read(GOOD);
  expect(warnings).toEqual([]);
  expect(tokens).toMatchObject([
    {
      name: "ce",
      account: { kind: "agent", name: "wlcg", passwordFile: "/etc/osg/tokens/wlcg.pw" },
      path: "/etc/osg/tokens/ce.token",
      audience: ["ce.example.org:9619", "ce2.example.org:9619"],
      scope: ["compute.read", "compute.create"],
      minLifetime: 3600,
    },
    {
      name: "Store",
      account: { kind: "client", tokenEndpoint: "https://issuer.example.org/token", clientId: "robot" },
      scope: ["read:/store", "write:/store/robot"],
      minLifetime: undefined,
    },
    { name: "plain", audience: undefined, scope: undefined },
  ]);
  const { account } = tokens[1] ?? {};
  expect(account?.kind === "client" && account.clientSecret()).toBe("hunter%2");
});

it("shows no client's secret when it is printed", () => {
  const config = read(GOOD);
  expect(`${inspect(config, { depth: 9, showHidden: true })}${JSON.stringify(config)}`).not.toContain("hunter");
});

it.each([
  ["[token a]\ntoken_path = /a", /^\[token a\]: account is missing$/],
  ["[token a]\naccount = b\ntoken_path = /a", /^\[token a\]: there is no section \[account b\]$/],
  ["[account b]\npassword_file = /p\n[token a]\naccount = b", /^\[token a\]: token_path is missing$/],
  ["[account b]\n[token a]\naccount = b\ntoken_path = /a", /^\[account b\]: expected password_file/],
  [
    "[account b]\ntoken_request_url = https://x.example\nclient_secret = hunter2\n[token a]\naccount = b\ntoken_path = /a",
    /^\[account b\]: client_id is missing$/,
  ],
  [
    "[account b]\ntoken_request_url = https://x.example\nclient_id = c\n[token a]\naccount = b\ntoken_path = /a",
    /^\[account b\]: client_secret is missing$/,
  ],
  [
    "[account b]\npassword_file = /p\n[token a]\naccount = b\ntoken_path = /a\nmin_lifetime = 1h",
    /^\[token a\]: min_lifetime: expected a whole number of seconds$/,
  ],
  ["[accounts b]", /^\[accounts b\]: expected \[account NAME\] or \[token NAME\]$/],
  ["[token a b]", /expected \[account NAME\] or \[token NAME\]$/],
  ["[account b]\npassword_file = /p", /nothing to renew/],
])("says what is wrong with %j", (text, says) => {
  expect(() => read(text)).toThrow(says);
  expect(() => read(text)).not.toThrow(/hunter2/);
});

it("warns of names that do nothing", () => {
  const { warnings } = read(`${GOOD}scopes = read:/`);
  expect(warnings).toEqual([
    "[token plain]: scopes is not known and does nothing; known are account, token_path, audience, scope, min_lifetime",
  ]);
});

describe("the next renewal", () => {
  const standing = { left: 600, atLeast: 0, isNew: true, random: 0.5 };

  it.each([
    ["at half of the life", {}, 300],
    ["with jitter, earlier", { random: 0 }, 270],
    ["with jitter, later", { random: 0.999_999 }, 330],
    ["earlier where more must be left", { atLeast: 500 }, 100],
    ["not at once, where a new token lives hardly longer than must be left", { atLeast: 599 }, 60],
    ["nor where it lives shorter than that", { atLeast: 3600 }, 60],
    ["at once where a kept token lives hardly longer than must be left", { atLeast: 599, isNew: false }, 5],
    ["never more often than every 5 s", { left: 4 }, 5],
    ["of a token that has ended, too", { left: -100 }, 5],
    ["within a day", { left: 30 * 86_400 }, 86_400],
    ["in ten minutes, where nobody says when it ends", { left: undefined }, 600],
  ])("%s", (_, changes, seconds) => {
    expect(untilRenewal({ ...standing, ...changes })).toBeCloseTo(seconds, 2);
  });

  it("after failures backs off, up to ten minutes", () => {
    expect([1, 2, 3, 4, 9, 99].map((failures) => afterFailures(failures, 0.5))).toEqual([10, 20, 40, 80, 600, 600]);
    expect([afterFailures(1, 0), afterFailures(1, 1)]).toEqual([7.5, 12.5]);
  });
});
