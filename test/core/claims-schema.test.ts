// Claims of the application's own, checked and typed by a schema of any library. Rules P2, P5, V4, I15.
import { createEnforcer } from "@scitokens/core";
import type { ClaimsSchema, EnforcerOptions, SciToken } from "@scitokens/core";
import { createProtection } from "@scitokens/core/http";
import * as v from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { AUDIENCE, CANARY, ISSUER, key, NOW, reasonOf, tokenOf } from "../support/static-issuer.js";

const trust = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
} satisfies EnforcerOptions;

/** A schema written by hand, that answers so. */
function schemaOf<T>(validate: (value: unknown) => T): ClaimsSchema<object> {
  return { "~standard": { version: 1, vendor: "test", validate } } as unknown as ClaimsSchema<object>;
}

const outcomeOf = (claims: ClaimsSchema<object>, changes: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  createEnforcer({ ...trust, claims })
    .verify(tokenOf("scitokens-2", changes))
    .then(
      () => "good",
      (error: unknown) => reasonOf(error, ""),
    );

describe("claims by a schema", () => {
  it("are checked and typed by zod (P5)", async () => {
    const enforcer = createEnforcer({ ...trust, claims: z.object({ email: z.email(), quota: z.coerce.number() }) });
    const token = await enforcer.verify(tokenOf("scitokens-2", { email: "a@example.org", quota: "42" }));
    expectTypeOf(token.claims.email).toEqualTypeOf<string>();
    expectTypeOf(token.get("quota")).toEqualTypeOf<number>();
    expect([token.claims.email, token.get("quota")]).toEqual(["a@example.org", 42]);
    await expect(enforcer.verify(tokenOf("scitokens-2", { email: CANARY, quota: 1 }))).rejects.toMatchObject({
      reason: "schema",
      message: "claims: refused at email",
    });
    await expect(enforcer.verify(tokenOf("scitokens-2"))).rejects.toMatchObject({ reason: "schema" });
  });

  it("are checked and typed by valibot (P5)", async () => {
    const claims = v.object({ roles: v.array(v.picklist(["reader", "writer"])) });
    const token = await createEnforcer({ ...trust, claims }).verify(tokenOf("scitokens-2", { roles: ["reader"] }));
    expectTypeOf(token.claims.roles).toEqualTypeOf<("reader" | "writer")[]>();
    expect(token.claims.roles).toEqual(["reader"]);
    expect(await outcomeOf(claims, { roles: ["root"] })).toBe("schema");
  });

  it("may be checked by an asynchronous schema", async () => {
    expect(await outcomeOf(schemaOf((value) => Promise.resolve({ value })))).toBe("good");
    expect(await outcomeOf(schemaOf(() => Promise.resolve({ issues: [{ message: CANARY }] })))).toBe("schema");
  });

  it("keep what the schema leaves out (P5)", async () => {
    const enforcer = createEnforcer({ ...trust, claims: schemaOf(() => ({ value: { kept: 1, aud: AUDIENCE } })) });
    const token = await enforcer.verify(tokenOf("scitokens-2", { other: "stays" }));
    expect(token.claims).toMatchObject({ kept: 1, other: "stays", aud: AUDIENCE, scope: "read:/data" });
  });

  it.each("iss sub aud exp nbf iat jti ver scope scp client_id cnf typ wlcg.ver wlcg.groups".split(" "))(
    "are the program's fault where the schema changes %s, which decides over the token (P5)",
    async (name) => {
      const greedy = schemaOf(() => ({ value: { [name]: "changed" } }));
      await expect(createEnforcer({ ...trust, claims: greedy }).verify(tokenOf("scitokens-2"))).rejects.toThrow(
        `claims: the schema changes '${name}'`,
      );
    },
  );

  it("stay the token's own where a schema makes of one that decides what only reads the same (P5)", async () => {
    const claims = schemaOf((value) => ({ value: { ...(value as object), aud: new URL(`${AUDIENCE}/x`) } }));
    const token = await createEnforcer({ ...trust, audience: `${AUDIENCE}/x`, claims }).verify(
      tokenOf("scitokens-2", { aud: `${AUDIENCE}/x` }),
    );
    expect([token.audience, token.claims.aud]).toEqual([[`${AUDIENCE}/x`], `${AUDIENCE}/x`]);
  });

  it("do not become known to SciTokens 1.0 by it: there a validator speaks for each claim (P2)", async () => {
    const claims = z.object({ email: z.string() });
    const raw = tokenOf("scitokens-1", { email: "a@example.org" });
    const refused = createEnforcer({ ...trust, claims }).verify(raw);
    await expect(refused).rejects.toMatchObject({ reason: "unknown_claim" });
    const validators = { email: (): boolean => true };
    expect((await createEnforcer({ ...trust, claims, validators }).verify(raw)).get("email")).toBe("a@example.org");
  });

  it("are judged last: a token that is refused anyway never meets the schema", async () => {
    const seen: unknown[] = [];
    const spy = schemaOf((value) => (seen.push(value), { value: {} }));
    expect(await outcomeOf(spy, { exp: NOW })).toBe("expired");
    expect(await outcomeOf(spy, { aud: "https://other.example.org" })).toBe("audience");
    expect(await outcomeOf(spy, { scope: "read:foo" })).toBe("scope_syntax");
    expect(seen).toEqual([]);
  });

  it("are frozen, what a schema made of them too, and in whatever circle (V4)", async () => {
    const loop: Record<string, unknown> = { list: [{ deep: 1 }] };
    loop["self"] = loop;
    const token = await createEnforcer({ ...trust, claims: schemaOf(() => ({ value: { loop } })) }).verify(
      tokenOf("scitokens-2"),
    );
    expect(Object.isFrozen(token.claims)).toBe(true);
    expect(Object.isFrozen(token.get("loop"))).toBe(true);
    expect(Object.isFrozen((loop["list"] as object[])[0])).toBe(true);
  });

  it("leave live objects of the application's alone, and name the whole where no claim is named (V4)", async () => {
    const live = new Map([["a", 1]]);
    const of = (validate: (value: unknown) => unknown): Promise<SciToken> =>
      createEnforcer({ ...trust, claims: schemaOf(validate) }).verify(tokenOf("scitokens-2"));
    const token = await of(() => ({ value: { live, bytes: new Uint8Array(2) } }));
    expect([token.get("live"), Object.isFrozen(live)]).toEqual([live, false]);
    await expect(of(() => ({ issues: [{ path: [] }] }))).rejects.toThrow("claims: refused at the whole");
    await expect(of(() => ({ issues: [{ path: [{ key: "a" }, CANARY] }] }))).rejects.toThrow(/refused at a$/);
  });

  it("cannot be changed by a schema that tries (V4)", async () => {
    const vandal = schemaOf((value) => {
      (value as { scope: string }).scope = "read:/";
      return { value: {} };
    });
    await expect(createEnforcer({ ...trust, claims: vandal }).verify(tokenOf("scitokens-2"))).rejects.toThrow(
      TypeError,
    );
  });

  it("say which one was refused, and nothing of its value (H6)", async () => {
    const claims = z.object({ profile: z.object({ name: z.string().max(3) }) });
    const raw = tokenOf("scitokens-2", { profile: { name: CANARY } });
    const explanation = await createEnforcer({ ...trust, claims }).explain(raw, "read", "/data");
    expect(explanation).toMatchObject({ reason: "schema", summary: "refused: claims: refused at profile" });
    expect(explanation.checks.find(({ check }) => check === "schema")).toEqual({ check: "schema", result: "failed" });
    expect(explanation.checks.find(({ check }) => check === "audience")).toEqual({
      check: "audience",
      result: "passed",
    });
    expect(JSON.stringify(explanation)).not.toContain(CANARY);
    expect(await outcomeOf(schemaOf(() => ({ issues: [] })))).toBe("schema");
  });

  it.each([
    ["throws", () => schemaOf(() => assertNever())],
    ["rejects", () => schemaOf(() => Promise.reject(new RangeError("its own fault")))],
  ])("leave the program's fault where it is, when the schema %s (H3)", async (_, schema) => {
    await expect(createEnforcer({ ...trust, claims: schema() }).verify(tokenOf("scitokens-2"))).rejects.toThrow(
      RangeError,
    );
  });

  it.each([
    ["no object", schemaOf(() => ({ value: "text" })), /claims: expected a schema of an object/],
    ["null", schemaOf(() => ({ value: null })), /claims: expected a schema of an object/],
  ])("leave it to the program when the schema gives out %s (H3)", async (_, claims, message) => {
    await expect(createEnforcer({ ...trust, claims }).verify(tokenOf("scitokens-2"))).rejects.toThrow(message);
  });

  it.each([[null], [{}], [z.object], [{ "~standard": { version: 2, validate: () => ({}) } }], ["email"]])(
    "are refused at start where there is no schema: %j",
    (claims) => {
      const options = { ...trust, claims } as unknown as EnforcerOptions;
      expect(() => createEnforcer(options)).toThrow("claims: expected a Standard Schema");
    },
  );

  it("tell enforcers apart by the schema itself (I15)", () => {
    const make = (): ClaimsSchema<object> => ({
      "~standard": { version: 1, vendor: "v", validate: (x) => ({ value: x as object }) },
    });
    const [one, other] = [make(), make()];
    const enforcerOf = (claims: ClaimsSchema<object>): object => createProtection({ ...trust, claims }).enforcer;
    expect(enforcerOf(one)).toBe(enforcerOf(one));
    expect(enforcerOf(one)).not.toBe(enforcerOf(other));
    const circular = Object.assign(make(), { self: {} });
    circular.self = circular;
    expect(enforcerOf(circular)).toBe(enforcerOf(circular));
  });
});

function assertNever(): never {
  throw new RangeError("its own fault");
}
