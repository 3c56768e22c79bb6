// Every route that says config.scitokens, so that none is left open because the plugin did not see it. Fastify tells of
// a new application through Node's diagnostics channel: what is asked of its routes from then on misses none.
import { subscribe } from "node:diagnostics_channel";
import type { FastifyInstance, RouteOptions } from "fastify";

export interface DeclaredRoute {
  /** The context that it was declared in. */
  readonly instance: FastifyInstance;
  readonly route: RouteOptions;
}

/** Whether a route's configuration speaks of us, be it with undefined. */
export function isConfigured({ config }: RouteOptions): boolean {
  return config !== undefined && Object.hasOwn(config, "scitokens");
}

/** What was declared in this context and below it; nothing where the application is older than this module. */
export function routesBelow(app: FastifyInstance): readonly DeclaredRoute[] {
  for (let at: object | null = app; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = declared.get(at);
    if (found !== undefined) return found.filter(({ instance }) => app === instance || isAbove(app, instance));
  }
  return [];
}

/** A route as a person writes it. */
export const nameOf = ({ method, url }: RouteOptions): string => `${String(method)} ${url}`;

const declared = new WeakMap<object, DeclaredRoute[]>();

subscribe("fastify.initialization", (message) => {
  const app = applicationOf(message);
  if (app === undefined) return;
  const routes: DeclaredRoute[] = [];
  declared.set(app, routes);
  app.addHook("onRoute", function (this: FastifyInstance, route) {
    if (isConfigured(route)) routes.push({ instance: this, route });
  });
  app.addHook("onReady", (done) => done(unenforced(routes)));
});

/** Fastify's contexts have the one they are in for their prototype. */
function isAbove(app: object, instance: object): boolean {
  return Object.prototype.isPrototypeOf.call(app, instance);
}

/** A route whose context the plugin is neither in nor above would answer everybody. */
function unenforced(routes: readonly DeclaredRoute[]): Error | undefined {
  const open = routes.find(({ instance }) => !instance.hasDecorator("scitokens"));
  if (open === undefined) return undefined;
  return new Error(
    `${nameOf(open.route)}: config.scitokens is enforced by nobody; register @scitokens/fastify in this context or above ` +
      "it (a plugin that registers it for others needs fastify-plugin itself)",
  );
}

function applicationOf(message: unknown): FastifyInstance | undefined {
  const isFastifys = typeof message === "object" && message !== null && "fastify" in message;
  return isFastifys ? (message.fastify as FastifyInstance) : undefined;
}
