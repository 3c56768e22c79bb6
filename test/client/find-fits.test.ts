// Which token is worth sending: by audience, scope, issuer and remaining life, as it says itself.
import { AccessToken, tokenFits } from "@scitokens/client";
import type { TokenRequest } from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { jwt, NOW } from "./places.js";

const fits = (claims: Readonly<Record<string, unknown>>, request: TokenRequest): string | undefined =>
  tokenFits(jwt(claims), request, NOW);

describe("remaining life", () => {
  it.each<[number | string | undefined, number | undefined, string | undefined]>([
    [60, undefined, undefined],
    [59.9, undefined, "it lives for 59 s more; asked for were 60 s"],
    [0, undefined, "it has expired"],
    [0, 0, "it has expired"],
    [1, 0, undefined],
    [-100, 0, "it has expired"],
    [600, 600, undefined],
    [600, 601, "it lives for 600 s more; asked for were 601 s"],
    [undefined, undefined, undefined],
    ["soon", undefined, "its exp is no number"],
  ])("of %j s, when %j are asked for", (left, timeLeft, why) => {
    const exp = typeof left === "number" ? NOW + left : left;
    expect(fits({ exp }, { timeLeft })).toBe(why);
  });

  it("begins at nbf, and clocks may differ by a minute (C3)", () => {
    expect(fits({ nbf: NOW + 60 }, {})).toBeUndefined();
    expect(fits({ nbf: NOW + 61 }, {})).toBe("it is not valid yet");
  });
});

describe("the audience", () => {
  it.each<[unknown, TokenRequest["audience"], boolean]>([
    ["https://a.example", "https://a.example", true],
    ["https://a.example", ["https://b.example", "https://a.example"], true],
    [["https://b.example", "https://a.example"], "https://a.example", true],
    ["https://a.example/", "https://a.example", false],
    ["https://A.example", "https://a.example", false],
    ["https://a.example:443", "https://a.example", false],
    ["https://b.example", "https://a.example", false],
    ["ANY", "https://a.example", true],
    ["any", "https://a.example", false],
    [["https://wlcg.cern.ch/jwt/v1/any"], "https://a.example", true],
    [undefined, "https://a.example", true],
    [[], "https://a.example", false],
    [7, "https://a.example", false],
    ["https://b.example", undefined, true],
    ["https://b.example", [], true],
  ])("aud %j for %j: %s (C5, C6)", (aud, audience, fit) => {
    expect(fits({ aud }, { audience })).toBe(fit ? undefined : `its audience is not ${[audience].flat().join(" or ")}`);
  });
});

describe("the issuer", () => {
  it("is compared to the letter", () => {
    const iss = "https://issuer.example";
    expect(fits({ iss }, { issuer: iss })).toBeUndefined();
    for (const other of [`${iss}/`, "https://ISSUER.example"]) {
      expect(fits({ iss }, { issuer: other })).toBe(`its issuer is not ${other}`);
    }
    expect(fits({}, { issuer: iss })).toBe(`its issuer is not ${iss}`);
  });
});

describe("the scope", () => {
  it.each<[string, string, boolean]>([
    ["read:/", "read:/store/a", true],
    ["read:/store", "read:/store", true],
    ["read:/store", "read:/store/a", true],
    ["read:/store", "read:/storehouse", false],
    ["read:/store/a", "read:/store", false],
    ["read:/store/", "read:/store/a", true],
    ["read:/store/", "read:/store", false],
    ["read:/store/", "read:/store/", true],
    ["read:/store", "read:/store/", true],
    ["read:/sub", "read:/subway", false],
    ["read://store/./", "read:/store/x", true],
    ["read:/my%20data", "read:/m%79%20data/x", true],
    ["read:/a%2Fb", "read:/a/b", false],
    ["read:/a/../b", "read:/a/../b/c", false],
    ["read:/a/%2e%2e/b", "read:/b", false],
    ["read:/%zz", "read:/%zz/a", false],
    ["read:/a", "write:/a", false],
    ["Read:/a", "read:/a", false],
    ["write:/x read:/a", "read:/a/b write:/x", true],
    ["read:/a", "read:/a write:/a", false],
    ["storage.read:/", "read:/", false],
    ["queue", "queue", true],
    ["queue", "queue:/short", true],
    ["queue:/short", "queue", false],
    ["queue:/short", "queue:/short/x", true],
    ["read", "read:/", false],
    ["storage.read", "storage.read:/x", false],
    ["condor", "condor:/READ", false],
    ["compute.create", "compute.create", true],
    ["aud:https://x", "aud:https://x", true],
    ["aud:https://x", "aud:https://y", false],
    ["aud:https://x", "aud:/x", false],
    ["", "read:/", false],
    ["readers:/a", "read:/a", false],
  ])("%j covers %j: %s (S2, S4, S6)", (scope, asked, covered) => {
    const why = fits({ scope }, { scope: asked });
    if (covered) expect(why).toBeUndefined();
    else expect(why).toMatch(/^its scope does not cover /);
    expect(fits({ scope }, { scope: asked.split(" ") })).toBe(why);
  });

  it("names what is not covered, and only that (S4)", () => {
    expect(fits({ scope: "read:/a" }, { scope: "read:/a write:/a read:/b" })).toBe(
      "its scope does not cover write:/a read:/b",
    );
  });

  it("is read from scope, else from scp, and is nothing where it is no text", () => {
    expect(fits({ scp: ["read:/a", 7] }, { scope: "read:/a" })).toBeUndefined();
    expect(fits({ scp: "read:/a" }, { scope: "read:/a" })).toBeUndefined();
    for (const scope of [7, null, {}, undefined]) expect(fits({ scope }, { scope: "read:/a" })).toMatch(/cover/);
  });
});

describe("a token that is no JWT", () => {
  it("fits where nothing is asked of its claims", () => {
    expect(tokenFits("opaque", {}, NOW)).toBeUndefined();
    expect(tokenFits("opaque", { audience: "a", scope: "s", issuer: "i" }, NOW)).toBe(
      "only its issuer can read it, so nobody knows its issuer and audience and scope",
    );
    expect(tokenFits("opaque", { scope: "s" }, NOW)).toBe("only its issuer can read it, so nobody knows its scope");
  });

  it("ends when its source said so", () => {
    const ends = (left: number): AccessToken => new AccessToken("opaque", { source: "x", expiresAt: NOW + left });
    expect(tokenFits(ends(60), {}, NOW)).toBeUndefined();
    expect(tokenFits(ends(59), {}, NOW)).toBe("it lives for 59 s more; asked for were 60 s");
    expect(tokenFits(ends(0), { timeLeft: 0 }, NOW)).toBe("it has expired");
  });
});

describe("a request", () => {
  it.each<[object, RegExp]>([
    [{ audiance: "x" }, /unknown option 'audiance'; did you mean 'audience'\?/],
    [{ audience: "" }, /audience/],
    [{ scope: [7] }, /scope/],
    [{ timeLeft: "60" }, /timeLeft/],
    [{ timeLeft: -1 }, /timeLeft/],
  ])("like %j is a mistake of the program", (request, message) => {
    expect(() => tokenFits("opaque", request, NOW)).toThrow(TypeError);
    expect(() => tokenFits("opaque", request, NOW)).toThrow(message);
  });
});
