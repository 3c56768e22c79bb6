// A Nest application on loopback, and what is asked of it.
import "reflect-metadata";
import type { DynamicModule, INestApplication, Type } from "@nestjs/common";
import { rawRequest } from "../support/raw-request.js";
import type { RawResponse } from "../support/raw-request.js";
import { bearer } from "../contract/fixture.js";
import { createApplication } from "../contract/nest-harness.js";
import type { Platform } from "../contract/nest-harness.js";

export { AUDIENCE, ISSUER, NOW, T, token, trust } from "../contract/fixture.js";

export const platforms: readonly Platform[] = ["express", "fastify"];

export interface Running {
  readonly app: INestApplication;
  readonly port: number;
  get(target: string, raw?: string): Promise<RawResponse>;
}

const running: INestApplication[] = [];

/** @param prepare what is done with the application before it listens */
export async function start(
  module: Type | DynamicModule,
  prepare: (app: INestApplication) => unknown = () => undefined,
  platform: Platform = "express",
): Promise<Running> {
  const app = await createApplication(platform, module);
  running.push(app);
  await prepare(app);
  await app.listen(0, "127.0.0.1");
  const { port } = (app.getHttpServer() as { address(): { port: number } }).address();
  const lines = (raw: string | undefined): readonly string[] => (raw === undefined ? [] : [bearer(raw)]);
  return { app, port, get: (target, raw) => rawRequest(port, { target, lines: lines(raw) }) };
}

/** For afterEach. */
export async function closeAll(): Promise<void> {
  for (const app of running.splice(0)) {
    (app.getHttpServer() as { closeAllConnections?(): void }).closeAllConnections?.();
    await app.close();
  }
}

/** What a start ended with. */
export async function failureOf(starting: Promise<unknown>): Promise<unknown> {
  try {
    await starting;
  } catch (error) {
    return error;
  }
  throw new Error("it started");
}
