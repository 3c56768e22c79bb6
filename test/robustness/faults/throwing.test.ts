// Functions of the application that throw, whatever it is: the program's fault and nobody else's. Rules H3, H6, I9, I13.
import type { EnforcerOptions } from "@scitokens/core";
import { SciTokenError } from "@scitokens/core";
import { authorizeRequest, createProtection, fromRequest } from "@scitokens/core/http";
import type { ProtectOptions } from "@scitokens/core/http";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { AUDIENCE, ISSUER, key, NOW, scoped, tokenOf } from "../../support/static-issuer.js";
import { createNetwork, publish, settled } from "../../support/scripted-issuer.js";
import { THROWN } from "../../support/thrown-things.js";
import { wrong } from "../../support/wrong.js";

nothingIsLeftAlone();
beforeEach(() => void vi.spyOn(process, "emitWarning").mockReturnValue());

type Broken = (thrown: unknown) => never | Promise<never>;

const WAYS: Readonly<Record<string, (thrown: unknown) => Broken>> = {
  throws: (thrown) => () => {
    throw thrown;
  },
  // oxlint-disable-next-line prefer-promise-reject-errors -- what is no error is the point
  "rejects with": (thrown) => () => Promise.reject(thrown),
};

const raw = tokenOf("scitokens-2");
const facts = { method: "GET", target: "/data", authorization: [`Bearer ${raw}`], request: {} };
/** With which what is there decides: whether something is, and what. */
const creating = {
  ...facts,
  method: "PUT",
  authorization: [`Bearer ${tokenOf("wlcg", { scope: "storage.create:/data" })}`],
};
const inDirectory = { ...facts, authorization: [`Bearer ${scoped("read:/data/")}`] };

const schema = (validate: Broken): NonNullable<EnforcerOptions["claims"]> => ({
  "~standard": { version: 1, vendor: "test", validate },
});
const fetched = (keys: EnforcerOptions["keys"]): Partial<ProtectOptions> => ({ issuer: ISSUER, keys: keys ?? {} });

const protectionOf = (options: Partial<ProtectOptions>) =>
  createProtection({
    issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
    audience: AUDIENCE,
    clock: () => NOW,
    ...options,
  });

/** What comes of a request with a good token: "allowed", the code of a refusal, or "error", one that can be looked at. */
async function outcome(options: Partial<ProtectOptions>, asked = facts): Promise<string> {
  const [ended] = await Promise.allSettled([authorizeRequest(asked, protectionOf(options))]);
  await settled();
  if (ended.status === "fulfilled") return ended.value.allowed ? "allowed" : ended.value.refusal.code;
  try {
    const { reason } = ended as { readonly reason: unknown };
    if (!(reason instanceof Error) || reason instanceof SciTokenError) return "no error of the program";
    return `${reason.name} ${reason.message} ${reason.stack}`.length > 10 ? "error" : "an error without words";
  } catch {
    return "an error that cannot be looked at";
  }
}

/** The same for everything that can be thrown. */
async function outcomes(
  broken: (thrown: unknown) => Partial<ProtectOptions>,
  asked = facts,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, thrown] of Object.entries(THROWN)) found[name] = await outcome(broken(thrown), asked);
  return found;
}

const all = (expected: string): Record<string, string> =>
  Object.fromEntries(Object.keys(THROWN).map((name) => [name, expected]));

describe.each(Object.entries(WAYS))("a function that %s whatever it likes", (how, way) => {
  it.each<readonly [string, (broken: Broken) => Partial<ProtectOptions>]>([
    ["isRevoked", (broken) => ({ isRevoked: broken })],
    ["claims", (broken) => ({ claims: schema(broken) })],
  ])("is an error of the program: %s (H3)", async (_, options) => {
    expect(await outcomes((thrown) => options(way(thrown)))).toEqual(all("error"));
  });

  it("is an error of the program, or says that the request's path has no meaning: scope (H3, R6)", async () => {
    const expected = { ...all("error"), "that another path has no meaning": "invalid_path" };
    expect(await outcomes((thrown) => ({ scope: way(thrown) }))).toEqual(expected);
  });

  it("is an error of the program: exists of fromRequest() (H3, R3)", async () => {
    const found = await outcomes((thrown) => ({ scope: fromRequest({ exists: wrong(way(thrown)) }) }), creating);
    expect(found).toEqual(all("error"));
  });

  it("is an error of the program: kind of fromRequest() (H3, R3)", async () => {
    const found = await outcomes((thrown) => ({ scope: fromRequest({ kind: wrong(way(thrown)) }) }), inDirectory);
    expect(found).toEqual(all("error"));
  });

  it("changes no decision: onEvent (H6)", async () => {
    expect(await outcomes((thrown) => ({ onEvent: wrong(way(thrown)) }))).toEqual(all("allowed"));
  });

  it("makes the issuer unavailable, and nothing else: keys.fetch (I9)", async () => {
    expect(await outcomes((thrown) => fetched({ fetch: way(thrown) }))).toEqual(all("issuer_unavailable"));
  });

  it("costs a request nothing: keys.store (I13)", async () => {
    const network = createNetwork();
    publish(network, [key]);
    const options = (broken: Broken): Partial<ProtectOptions> =>
      fetched({ fetch: network.fetch, store: { get: broken, set: broken } });
    expect(await outcomes((thrown) => options(way(thrown)))).toEqual(all("allowed"));
  });

  it("is an error of the program: clock (H3, C4)", async () => {
    expect(await outcomes((thrown) => ({ clock: wrong(way(thrown)) }))).toEqual(all("error"));
  });

  it("is an error of the program, or refuses where it gives no answer at once: validators (H3, C8)", async () => {
    const expected = how === "throws" ? "error" : "invalid_token";
    expect(await outcomes((thrown) => ({ validators: { sub: wrong(way(thrown)) } }))).toEqual(all(expected));
  });
});
