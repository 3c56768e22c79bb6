// @Protect: what a handler asks of a token, checked where it is written.
import { UseGuards } from "@nestjs/common";
import { createEnforcer } from "@scitokens/core";
import { checkRouteOptions, createProtection } from "@scitokens/core/http";
import type { ProtectOptions, Protection, RouteOptions, ScopeRule } from "@scitokens/core/http";
import { SciTokensGuard } from "./guard.js";
import { createMarkDecorator } from "./mark.js";
import type { Mark, MarkDecorator } from "./mark.js";
import type { PlatformRequest } from "./platform.js";

/** A scope rule; a route's options, over those of `SciTokensModule`; or all options, issuer and audience included. */
export type Protected<Req> = ScopeRule<Req> | RouteOptions<Req> | ProtectOptions<Req>;

/**
 * Protects a handler, or all handlers of a class; what stands at a method wins over its class. It brings the guard along,
 * so that it holds where global guards don't reach, and with all options where `SciTokensModule` is not imported.
 *
 * Scope functions are given the platform's request in HTTP, and Nest's `ExecutionContext` elsewhere; say which by the type
 * of their parameter. Without an argument any good token is enough, unless the module's options say more.
 * @throws {TypeError} for a wrong option, which it names, or at what is neither a method nor a class
 * @example
 * @Protect("read:/frames") @Get("frames") list() { ... }
 * @Protect((req: Request) => scope`read:/runs/${req.params.run}`) @Get("runs/:run") run() { ... }
 * @Protect({ issuer, audience, scope: "admin" }) @Controller("admin") class AdminController { ... }
 */
export function Protect(what?: Protected<PlatformRequest>): MarkDecorator;
// Apart, so that a function without a type at its parameter is given the platform's request: it would be unknown here.
export function Protect<Req>(what: Protected<Req>): MarkDecorator;
export function Protect<Req>(...given: readonly [what?: Protected<Req>]): MarkDecorator {
  return createMarkDecorator("Protect", readMark(given), UseGuards(SciTokensGuard));
}

function readMark<Req>(given: readonly [what?: Protected<Req>]): Mark {
  if (given.length === 0) return { kind: "route", options: {} };
  const [what] = given;
  // A rule is checked with the options: a scope that was meant to come from somewhere and did not is refused there.
  const options = isOptions(what) ? checkRouteOptions(what) : { scope: what };
  if ("issuer" in options || "enforcer" in options || "audience" in options) {
    const protection = createProtection(options as ProtectOptions<Req>);
    return { kind: "own", options, protection: protection as Protection };
  }
  // These depend on the issuers, audience or scope of the module: they are checked when it starts.
  const { resourceMetadata: _, groups: _groups, hosts: _hosts, mode: _mode, ...rule } = options as RouteOptions<Req>;
  createProtection<Req>({ ...rule, enforcer: anybody() });
  return { kind: "route", options: options as RouteOptions };
}

function isOptions<Req>(what: Protected<Req> | undefined): what is RouteOptions<Req> | ProtectOptions<Req> {
  if (typeof what !== "object" || what === null || Array.isArray(what)) return false;
  return !("anyOf" in what || "allOf" in what || "fromRequest" in what || "operation" in what);
}

let parser: ReturnType<typeof createEnforcer> | undefined;

/**
 * Verifies nothing: it is there to have a rule's form checked where it is written, before the module's options are known.
 * It takes more forms than others do (bare names); those of the module's own are checked again when it starts.
 */
function anybody(): ReturnType<typeof createEnforcer> {
  parser ??= createEnforcer({ issuer: "https://nobody.invalid", audience: null, profiles: ["oauth", "at-jwt"] });
  return parser;
}
