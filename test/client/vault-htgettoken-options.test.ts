// HTGETTOKENOPTS, as a shell and htgettoken read it. Interop 9.
import { parseHtgettokenOpts } from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { typeErrorOf } from "../support/wrong.js";

const read = (text: string): object => parseHtgettokenOpts(text, 1000);

describe("parseHtgettokenOpts", () => {
  it.each([
    ["", {}],
    ["-a htvault.example -i dune -r prod", { address: "htvault.example", issuer: "dune", role: "prod" }],
    ["-ahtvault.example --issuer=dune --role prod", { address: "htvault.example", issuer: "dune", role: "prod" }],
    ["--vaultserver htvault.example", { address: "htvault.example" }],
    ["-vqa htvault.example", { address: "htvault.example" }],
    ["-i dune -i cms", { issuer: "cms" }],
    ["--vaultse=htvault.example --cred a", { address: "htvault.example", credkey: "a" }],
    [
      "--scopes=read:/a,write:/b --audience 'https://a.test b'",
      { scope: ["read:/a", "write:/b"], audience: ["https://a.test", "b"] },
    ],
    ["--minsecs=300 --vaulttokenttl=28d", { minimumSeconds: 300, lifetime: 2_419_200 }],
    ["--vaulttokenttl 90m", { lifetime: 5400 }],
    [
      "--vaulttokenfile=/tmp/vt_u%uid-x --vaulttokeninfile=/dev/stdin",
      { vaultTokenFile: "/tmp/vt_u1000-x", vaultTokenInFile: "/dev/stdin" },
    ],
    ["-o /run/bt_u%uid -c ~/conf", { outFile: "/run/bt_u1000", configDir: "~/conf" }],
    ["--nooidc --nobearertoken", { noOidc: true, noBearerToken: true }],
    ["--novaulttoken", { noOidc: true, noKerberos: true }],
    ["--nossh --web-open-command='firefox %s'", {}],
  ])("%j", (text, expected) => {
    expect(read(text)).toEqual({ ...expected, ignored: [] });
  });

  it.each([
    [`-i "du\\"ne"`, { issuer: 'du"ne' }],
    [`-i 'du\\ne'`, { issuer: "du\\ne" }],
    [`-i du\\ ne`, { issuer: "du ne" }],
    [`-i d"u"'n'e`, { issuer: "dune" }],
    [`-i "a\\n"`, { issuer: "a\\n" }],
    [`-i dune # -i cms`, { issuer: "dune" }],
    [`-i dune#x\n-r prod`, { issuer: "dune", role: "prod" }],
    [` \t-i\n dune `, { issuer: "dune" }],
    [`--audience ""`, { audience: [] }],
  ])("a shell's words: %j", (text, expected) => {
    expect(read(text)).toEqual({ ...expected, ignored: [] });
  });

  it("names what means nothing here", () => {
    expect(read("-s htopts.example --capath /etc/grid --kerbpath auth/krb -i dune")).toEqual({
      issuer: "dune",
      ignored: expect.arrayContaining(["optserver", "capath", "kerbpath"]) as unknown,
    });
  });

  it.each([
    ["--isuer dune", "Unknown option '--isuer'"],
    ["--vault x", "Unknown option '--vault'"],
    ["-a", "argument missing"],
    ["dune", "Unexpected argument"],
    ["-i 'dune", "a quote is not closed (')"],
    ["-i dune\\", "nothing follows the backslash"],
    ["--minsecs=5m", "--minsecs must be a number"],
    ["--vaulttokenttl=7", "--vaulttokenttl must be a number, then s, m, h or d"],
  ])("%j is a TypeError", (text, sentence) => {
    const error = typeErrorOf(() => read(text));
    expect(error).toContain(sentence);
    expect(error.startsWith("HTGETTOKENOPTS: ")).toBe(true);
  });
});
