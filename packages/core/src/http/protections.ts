// What the routes of an application have in common, said once. Rules I15, H7.
import { checkOptionNames } from "../base/option-names.js";
import type { Enforcer } from "../enforcer/enforcer-type.js";
import { checkOwnOptions, checkProtection, createProtection, ROUTE_OPTION_NAMES } from "./protection.js";
import type { ProtectOptions, Protection, RouteOptions } from "./protection.js";
import { createResourceMetadata } from "./resource-metadata.js";
import type { ResourceMetadata } from "./resource-metadata.js";

/** What the routes of an application have in common; a route's own options go before. */
export interface Protections<Req, C = {}> {
  readonly enforcer: Enforcer<C>;
  /** @throws {TypeError} for a wrong option, which it names */
  route(options?: RouteOptions<Req>): Protection<Req>;
  /** This server's metadata document. @throws {TypeError} when there is nothing to make it of */
  metadata(): ResourceMetadata;
}

/**
 * Checks what routes have in common: issuer and audience once, the scope on each.
 * @throws {TypeError} for a wrong option, which it names
 */
export function createProtections<Req, C = {}>(defaults: ProtectOptions<Req, C>): Protections<Req, C> {
  const { enforcer, decider } = checkProtection<Req>(defaults);
  const common = Object.fromEntries(Object.entries(defaults).filter(([name]) => ROUTE_OPTION_NAMES.includes(name)));
  const { resourceMetadata: told } = defaults;
  const metadata = typeof told === "string" ? "elsewhere" : told && createResourceMetadata(told, decider.names);
  return Object.freeze<Protections<Req, C>>({
    enforcer: enforcer as Enforcer<C>, // made of the very options that say so
    route(options = {}) {
      checkOptionNames("protect", options, ROUTE_OPTION_NAMES);
      checkOwnOptions(options);
      return createProtection<Req>({ ...common, ...options, enforcer });
    },
    metadata() {
      if (metadata !== "elsewhere") return metadata ?? createResourceMetadata({}, decider.names);
      throw new TypeError("resourceMetadata: expected what the document says, not where something else serves it");
    },
  });
}
