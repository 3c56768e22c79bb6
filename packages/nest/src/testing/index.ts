// @scitokens/nest/testing: an application under test whose callers have a given token. Needs @scitokens/issuer, which signs.
import type { ExecutionContext } from "@nestjs/common";
import type { EnforcerOptions } from "@scitokens/core";
import { createProtection } from "@scitokens/core/http";
import type { Protection, ProtectOptions } from "@scitokens/core/http";
import type { Judge } from "../decide.js";
import { readFacts } from "../facts.js";
import { JUDGE, SciTokensGuard } from "../guard.js";
import type { Mark } from "../mark.js";
import { createSettings, SCITOKENS } from "../settings.js";
import type { Settings } from "../settings.js";
import { createTestTrust } from "./test-trust.js";

/** Claims of a token; what is left out is filled in so that the token is good. Undefined: no token. */
export type GivenClaims = Readonly<Record<string, unknown>> | undefined;

/** Claims, or a function that says for each call which. */
export type GivenToken = GivenClaims | ((context: ExecutionContext) => GivenClaims | Promise<GivenClaims>);

/** What is needed of Nest's TestingModuleBuilder. */
export interface OverridableModule<Builder> {
  overrideGuard(guard: unknown): { useFactory(options: FactoryOptions): Builder };
  overrideProvider(token: unknown): { useFactory(options: FactoryOptions): Builder };
}

interface FactoryOptions {
  // oxlint-disable-next-line typescript/no-explicit-any -- as Nest types it: what `inject` names, in that order
  factory: (...injected: any[]) => unknown;
  // oxlint-disable-next-line typescript/no-explicit-any -- as Nest types it
  inject?: any[];
}

/**
 * Gives every call a token with these claims, whatever its request carries. All else stays as it is: the token is verified
 * and judged by the application's own options, with a key of this test in the place of the issuers' keys; so a scope
 * that is not among the claims is missing, and `@Public()` is public.
 * @throws {Error} where NODE_ENV is production
 * @example
 * const builder = Test.createTestingModule({ imports: [AppModule] });
 * const module = await withToken(builder, { sub: "alice", scope: "read:/data" }).compile();
 */
export function withToken<Builder extends OverridableModule<Builder>>(builder: Builder, given: GivenToken): Builder {
  if (process.env["NODE_ENV"] === "production") {
    throw new Error("@scitokens/nest/testing: withToken() gives everybody a token, and is refused in production");
  }
  // The guards of @Protect are no providers to Nest, and the application's is none of theirs.
  const guard = async (judge?: Judge): Promise<SciTokensGuard> =>
    new SciTokensGuard(judge ?? (await createTestJudge(undefined, given)));
  return builder
    .overrideGuard(SciTokensGuard)
    .useFactory({ factory: guard, inject: [{ token: JUDGE, optional: true }] })
    .overrideProvider(JUDGE)
    .useFactory({ factory: (settings: Settings) => createTestJudge(settings, given), inject: [SCITOKENS] });
}

async function createTestJudge(settings: Settings | undefined, given: GivenToken): Promise<Judge> {
  const trust = await createTestTrust();
  const trusting = settings && createSettings(trust.trusting(settings.options));
  const own = new WeakMap<Mark, Protection>();
  const protectionOf = (mark: Mark | undefined): Protection => {
    if (mark?.kind !== "own") {
      if (trusting !== undefined) return trusting.protectionOf(mark);
      throw new Error("withToken: expected SciTokensModule, or issuer and audience at @Protect");
    }
    const protection = own.get(mark) ?? createProtection<unknown>(trust.trusting(mark.options as ProtectOptions));
    own.set(mark, protection);
    return protection;
  };
  return async (context, mark) => {
    const protection = protectionOf(mark);
    const claims = typeof given === "function" ? await given(context) : given;
    const options = mark?.kind === "own" ? mark.options : settings?.options;
    const authorization = claims === undefined ? [] : [await trust.credentials(claims, options as EnforcerOptions)];
    // Kinds of contexts that the guard does not know are known here: what they carry does not count.
    return { protection, facts: { ...(await readFacts(context, () => [])), authorization } };
  };
}
