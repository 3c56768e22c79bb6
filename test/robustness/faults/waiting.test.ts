// Functions of the application that never answer, answer late, or ask the enforcer themselves. Rules H3, H6, V2, V3, C4.
import type { Enforcer, EnforcerOptions, SciToken } from "@scitokens/core";
import { createEnforcer } from "@scitokens/core";
import { authorizeRequest, createProtection, fromRequest } from "@scitokens/core/http";
import type { ScopeFunction, ScopeRule } from "@scitokens/core/http";
import { describe, expect, it, vi } from "vitest";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import {
  atOnce,
  AUDIENCE,
  createClock,
  createNetwork,
  everywhere,
  goodToken,
  ISSUER,
  publish,
  refused,
  settled,
  verdict,
} from "../../support/scripted-issuer.js";
import { testKey } from "../../support/sign.js";
import { wrong } from "../../support/wrong.js";

nothingIsLeftAlone();
const key = testKey("RS256", "k1"); // verified on the spot, were there many at once (ADR 0017)
const clock = createClock();
const tokenOf = (sub: string, claims: object = {}): string => goodToken(key, clock.now, { sub, ...claims });

function enforcerOf(more: Partial<EnforcerOptions>): Enforcer {
  const issuer = { issuer: ISSUER, jwks: { keys: [key.jwk] } };
  return createEnforcer({ issuer, audience: AUDIENCE, clock: clock.read, ...more });
}

const schema = (validate: (claims: unknown) => unknown): NonNullable<EnforcerOptions["claims"]> =>
  wrong({ "~standard": { version: 1, vendor: "test", validate } });

const never = (): Promise<never> => new Promise(() => {});

/** Answers the first call with `first`, and those that follow with `then`. */
function firstly<T>(first: T, then: T): () => T {
  let called = false;
  return () => {
    const answer = called ? then : first;
    called = true;
    return answer;
  };
}

describe("a function that never answers", () => {
  it("keeps its own request waiting, and no other, of the same token neither: isRevoked (V2)", async () => {
    const enforcer = enforcerOf({ isRevoked: firstly<boolean | Promise<boolean>>(never(), false) });
    const raw = tokenOf("alice");
    const first = verdict(enforcer, raw);
    expect(await atOnce(first)).toBe("waits");
    expect(await atOnce(verdict(enforcer, raw))).toBe("good");
    expect(await atOnce(verdict(enforcer, tokenOf("bob")))).toBe("good");
    expect(await atOnce(first)).toBe("waits");
  });

  it("keeps its own request waiting, and no other: scope (R6)", async () => {
    const enforcer = enforcerOf({});
    const scope = firstly<string | Promise<string>>(never(), "read:/data");
    const protection = createProtection({ enforcer, scope });
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${tokenOf("alice")}`], request: {} };
    const first = authorizeRequest(facts, protection);
    expect(await atOnce(first)).toBe("waits");
    expect(await atOnce(authorizeRequest(facts, protection))).toMatchObject({ allowed: true });
  });

  it("keeps its own request waiting, and no other: exists (R3)", async () => {
    const exists = firstly<boolean | Promise<boolean>>(never(), false);
    const protection = createProtection({ enforcer: enforcerOf({}), scope: fromRequest({ exists }) });
    const raw = tokenOf("alice", { scope: "storage.create:/data" });
    const facts = { method: "PUT", target: "/data/x", authorization: [`Bearer ${raw}`], request: {} };
    const first = authorizeRequest(facts, protection);
    expect(await atOnce(first)).toBe("waits");
    expect(await atOnce(authorizeRequest(facts, protection))).toMatchObject({ allowed: true });
    expect(await atOnce(first)).toBe("waits");
  });

  it("keeps no request waiting: onEvent (H6)", async () => {
    const protection = createProtection({ enforcer: enforcerOf({ onEvent: wrong(never) }) });
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${tokenOf("alice")}`], request: {} };
    expect(await atOnce(authorizeRequest(facts, protection))).toMatchObject({ allowed: true });
  });

  it("keeps a token's requests of 10 s waiting, and not those of ever after: claims (V3)", async () => {
    const validate = vi.fn(firstly<unknown>(never(), { value: {} }));
    const enforcer = enforcerOf({ claims: schema(validate) });
    const raw = tokenOf("alice");
    const first = verdict(enforcer, raw);
    clock.now += 9;
    const joined = verdict(enforcer, raw);
    expect(await atOnce(joined)).toBe("waits");
    expect(await atOnce(verdict(enforcer, tokenOf("bob")))).toBe("good");
    clock.now += 1;
    expect(await atOnce(verdict(enforcer, raw))).toBe("good");
    expect(await atOnce(verdict(enforcer, raw))).toBe("good");
    expect(validate).toHaveBeenCalledTimes(3);
    expect(await Promise.all([atOnce(first), atOnce(joined)])).toEqual(["waits", "waits"]);
  });
});

describe("a function that answers late", () => {
  it("ends what it began, and nothing that has begun since: claims (V3)", async () => {
    const ends: (() => void)[] = [];
    const validate = vi.fn(() => new Promise((resolve) => ends.push(() => resolve({ value: {} }))));
    const enforcer = enforcerOf({ claims: schema(validate), tokenCache: false });
    const raw = tokenOf("alice");
    const first = verdict(enforcer, raw);
    clock.now += 10;
    const second = verdict(enforcer, raw);
    await settled();
    ends[0]?.();
    expect(await first).toBe("good");
    const third = verdict(enforcer, raw);
    await settled();
    expect(validate).toHaveBeenCalledTimes(2);
    ends[1]?.();
    expect(await Promise.all([second, third])).toEqual(["good", "good"]);
  });

  it.each([
    ["true", true, "revoked"],
    ["false", false, "good"],
  ])("%s is heard for the request that asked, whatever has come since: isRevoked (V2)", async (_, answer, expected) => {
    let end = (_answer: boolean): void => {};
    const late = new Promise<boolean>((resolve) => (end = resolve));
    const enforcer = enforcerOf({ isRevoked: firstly<boolean | Promise<boolean>>(late, !answer) });
    const raw = tokenOf("alice");
    const first = verdict(enforcer, raw);
    expect(await verdict(enforcer, raw)).toBe(answer ? "good" : "revoked");
    end(answer);
    expect(await first).toBe(expected);
  });
});

describe("a function that asks the enforcer itself", () => {
  it("gets its answer: isRevoked, of another token and of what this one allows (V2)", async () => {
    const other = tokenOf("bob");
    const isRevoked = async (token: SciToken): Promise<boolean> => {
      if (token.subject === "bob") return false;
      return !token.allows("read", "/x") || (await enforcer.verify(other)).subject !== "bob";
    };
    const enforcer = enforcerOf({ isRevoked });
    expect(await atOnce(verdict(enforcer, tokenOf("alice")))).toBe("good");
  });

  it.each<readonly [string, (self: ScopeFunction<object>) => ScopeRule<object>]>([
    ["itself", (self) => self],
    ["a list of itself and a scope", (self) => ["read:/data", self]],
  ])("for ever is an error of the program, and holds no thread: scope that gives %s (H3)", async (_, give) => {
    const scope: ScopeFunction<object> = () => give(scope);
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${tokenOf("alice")}`], request: {} };
    const decision = authorizeRequest(facts, createProtection({ enforcer: enforcerOf({}), scope }));
    await expect(decision).rejects.toThrow(/^scope: expected a scope of a function/);
  });

  it("gets its answer: scope, of a function that a function gave (R6)", async () => {
    const scope = (): ScopeFunction<object> => () => Promise.resolve("read:/data");
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${tokenOf("alice")}`], request: {} };
    const decision = authorizeRequest(facts, createProtection({ enforcer: enforcerOf({}), scope }));
    expect(await decision).toMatchObject({ allowed: true });
  });

  it("gets its answer: scope, of the request's own token (R6)", async () => {
    const enforcer = enforcerOf({});
    const raw = tokenOf("alice");
    const scope = async (): Promise<string> => `read:/home/${(await enforcer.verify(raw)).subject}`;
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${raw}`], request: {} };
    const decision = authorizeRequest(facts, createProtection({ enforcer, scope }));
    expect(await atOnce(decision)).toMatchObject({ allowed: true });
  });

  it.each([1, false] as const)(
    "gets its answer: onEvent, of the same token, with tokenCache: %j (H6)",
    async (tokenCache) => {
      const network = createNetwork();
      publish(network, [key]);
      const heard: string[] = [];
      const asked: Promise<string>[] = [];
      const claims = { ver: undefined, "wlcg.ver": "1.0", scope: "storage.read:/" }; // without sub and jti: claim_owed
      const raw = goodToken(key, clock.now, claims);
      const enforcer = enforcerOf({
        issuer: ISSUER,
        keys: { fetch: network.fetch },
        tokenCache,
        onEvent({ type }) {
          heard.push(type);
          if (asked.length < 5)
            asked.push(
              verdict(enforcer, raw),
              enforcer.ready().then(() => "ready"),
            );
        },
      });
      expect(await atOnce(verdict(enforcer, raw))).toBe("good");
      const answers = await Promise.all(asked);
      expect(new Set(answers)).toEqual(new Set(["good", "ready"]));
      expect(new Set(heard)).toEqual(new Set(["keys_fetched", "claim_owed"]));
      expect(network.requests).toHaveLength(2);
    },
  );

  it("gets its answer while the issuer is down, and no fetch for it: onEvent (H6, I6)", async () => {
    const network = createNetwork();
    everywhere(network, refused);
    const asked: Promise<string>[] = [];
    const raw = tokenOf("alice");
    const enforcer = enforcerOf({
      issuer: ISSUER,
      keys: { fetch: network.fetch },
      onEvent: () => void asked.push(verdict(enforcer, raw)),
    });
    expect(await atOnce(verdict(enforcer, raw))).toBe("issuer_unavailable");
    expect(await Promise.all(asked)).toEqual(["issuer_unavailable"]);
    expect(network.requests).toHaveLength(2);
  });

  it("may close it: what is under way is answered (I4)", async () => {
    const network = createNetwork();
    publish(network, [key]);
    const onEvent = (): void => enforcer.close();
    const enforcer = enforcerOf({ issuer: ISSUER, keys: { fetch: network.fetch }, onEvent });
    expect(await atOnce(verdict(enforcer, tokenOf("alice")))).toBe("good");
    await expect(enforcer.verify(tokenOf("bob"))).rejects.toThrow("closed");
  });
});
