// The frameworks, by the names that they are asked for; each is loaded by its own servers only.
import type { Contender } from "../contender.js";

export interface Framework {
  readonly title: string;
  load(): Promise<{ readonly contenders: readonly Contender[] }>;
}

export const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  http: { title: "node:http", load: () => import("./http.js") },
  fastify: { title: "Fastify 5", load: () => import("./fastify.js") },
};
