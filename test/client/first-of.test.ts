// Sources one after the other.
import { AccessToken, firstOf, TokenError } from "@scitokens/client";
import type { TokenErrorCode, TokenRequest, TokenSource } from "@scitokens/client";
import { describe, expect, it } from "vitest";

const asked: [string, TokenRequest | undefined][] = [];

function source(name: string, outcome: TokenErrorCode | Error | "token"): TokenSource {
  return {
    async token(request) {
      asked.push([name, request]);
      if (outcome === "token") return new AccessToken(`of-${name}`, { source: name });
      throw outcome instanceof Error ? outcome : new TokenError(outcome, `${name}: ${outcome}`, { source: name });
    },
  };
}

describe("firstOf", () => {
  it.each<TokenErrorCode>(["not_found", "unusable", "unreachable", "refused", "interaction_needed"])(
    "asks the next source after %s, with the same request, and none after the first token",
    async (code) => {
      asked.length = 0;
      const request = { audience: "a" };
      const all = firstOf(source("one", code), source("two", "token"), source("three", "token"));
      expect((await all.token(request)).value).toBe("of-two");
      expect(asked).toEqual([
        ["one", request],
        ["two", request],
      ]);
    },
  );

  it("says why there was none, for each, with the first code that tells more than not_found", async () => {
    const all = firstOf(source("one", "not_found"), source("two", "refused"), source("three", "unreachable"));
    await expect(all.token()).rejects.toMatchObject({
      code: "refused",
      message: "one: not_found; two: refused; three: unreachable",
      source: "one, two, three",
    });
    await expect(firstOf(source("one", "not_found")).token()).rejects.toMatchObject({ code: "not_found" });
  });

  it("says once what several say alike", async () => {
    const same = firstOf(source("one", "refused"), source("one", "refused"));
    await expect(same.token()).rejects.toMatchObject({ message: "one: refused" });
  });

  it("does not pass over a fault of the program", async () => {
    const fault = new RangeError("a bug");
    await expect(firstOf(source("one", fault), source("two", "token")).token()).rejects.toBe(fault);
  });

  it("asks nobody once the request is aborted", async () => {
    asked.length = 0;
    const reason = new Error("enough");
    await expect(firstOf(source("one", "token")).token({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(asked).toEqual([]);
  });

  it("wants sources", () => {
    expect(() => firstOf()).toThrow("firstOf: expected at least one source");
    expect(() => firstOf({} as TokenSource)).toThrow(/expected sources/);
    expect(() => firstOf(undefined as never)).toThrow(TypeError);
  });
});
