// What SciTokensModule knows: the options of the application, checked once.
import type { ExecutionContext } from "@nestjs/common";
import type { Enforcer } from "@scitokens/core";
import { checkRouteOptions, createProtections } from "@scitokens/core/http";
import type { ProtectOptions, Protection, ResourceMetadata } from "@scitokens/core/http";
import type { Mark } from "./mark.js";
import type { PlatformRequest } from "./platform.js";

/** Finds the Authorization value, or each of several: `Bearer <token>`. Undefined: look where the guard looks by itself. */
export type Credentials = (
  context: ExecutionContext,
) => string | readonly string[] | undefined | Promise<string | readonly string[] | undefined>;

/** The options of an application; what `@Protect` says goes before. */
export type SciTokensOptions<Req = PlatformRequest, C = {}> = ProtectOptions<Req, C> & {
  /**
   * Where credentials are that are not in an HTTP request's header: in WebSocket messages, microservice payloads, ...
   * Never asked in HTTP, where only that header carries a token (H1).
   */
  readonly credentials?: Credentials;
};

/** What an application may have injected with `@Inject(SCITOKENS)`. */
export interface SciTokens<C = {}> {
  readonly enforcer: Enforcer<C>;
  /** What RFC 9728 says of this server. @throws {TypeError} where there is nothing to make it of */
  metadata(): ResourceMetadata;
}

/** What the guard asks. */
export interface Settings extends SciTokens {
  readonly options: SciTokensOptions<never>;
  readonly credentials: Credentials | undefined;
  /** @throws {TypeError} for a wrong option, which it names */
  protectionOf(mark: Mark | undefined): Protection;
}

/** Of what `@Inject(SCITOKENS) auth: SciTokens` gives. */
export const SCITOKENS: unique symbol = Symbol("SCITOKENS");

/** @throws {TypeError} for a wrong option, which it names */
export function createSettings<Req, C>(options: SciTokensOptions<Req, C>): Settings {
  if (typeof options !== "object" || options === null) {
    throw new TypeError("SciTokensModule: expected options: { issuer, audience }");
  }
  const { credentials, ...defaults } = checkRouteOptions(options);
  if (credentials !== undefined && typeof credentials !== "function") {
    throw new TypeError("credentials: expected a function of the execution context");
  }
  const protections = createProtections(defaults as unknown as ProtectOptions);
  // Made when a handler is left to it: rules for groups may stand in it without a scope, which each handler then says.
  let byDefault: Protection | undefined;
  const prepared = new WeakMap<Mark, Protection>();
  return Object.freeze<Settings>({
    options: options as SciTokensOptions<never>,
    credentials,
    enforcer: protections.enforcer,
    metadata: () => protections.metadata(),
    protectionOf(mark) {
      if (mark === undefined || mark.kind === "public") return (byDefault ??= protections.route());
      if (mark.kind === "own") return mark.protection;
      const protection = prepared.get(mark) ?? protections.route(mark.options);
      prepared.set(mark, protection);
      return protection;
    },
  });
}
