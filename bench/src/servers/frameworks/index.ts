// The frameworks, by the names that they are asked for; each is loaded by its own servers only.
import type { Contender } from "../contender.js";

export interface Framework {
  readonly title: string;
  load(): Promise<readonly Contender[]>;
}

export const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  http: { title: "node:http", load: async () => (await import("./http.js")).contenders },
  express: { title: "Express 5", load: async () => (await import("./express.js")).contenders },
  koa: { title: "Koa 3", load: async () => (await import("./koa.js")).contenders },
  fastify: { title: "Fastify 5", load: async () => (await import("./fastify.js")).contenders },
  hono: { title: "Hono 4", load: async () => (await import("./hono.js")).contenders },
  nest: { title: "Nest 12, Express", load: async () => (await import("./nest.js")).onExpress },
  "nest-fastify": { title: "Nest 12, Fastify", load: async () => (await import("./nest.js")).onFastify },
};
