// Two middlewares and ours, each with the corpus's issuer, audience and two algorithms, and no grace for clocks: as its own
// documentation shows it, and where that leaves a choice, the stricter one.
import { createPublicKey } from "node:crypto";
import fastifyJwt from "@fastify/jwt";
import * as ours from "@scitokens/express";
import * as oursToo from "@scitokens/fastify";
import express from "express";
import type { Express } from "express";
import { auth } from "express-oauth2-jwt-bearer";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { meta } from "./corpus.js";
import type { Jwk } from "./corpus.js";

const { issuer, audience, jwks } = meta;
const algorithms = ["RS256", "ES256"] as const;

/** Starts a server on loopback. @param jwksUri where the issuer's keys are */
type Start = (jwksUri: string) => Promise<number>;

const trust = { issuer: { issuer, jwks }, audience, clockTolerance: 0, scope: "read:/protected" };

export const contenders: Readonly<Record<string, Start>> = {
  "@scitokens/express": () => serveExpress((app) => app.use(ours.protect(trust))),

  "@scitokens/fastify": () => serveFastify(async (app) => app.addHook("onRequest", oursToo.protect(trust))),

  "express-oauth2-jwt-bearer": (jwksUri) => {
    const alg = (value: unknown): boolean => algorithms.some((one) => one === value);
    return serveExpress((app) => app.use(auth({ issuer, audience, jwksUri, clockTolerance: 0, validators: { alg } })));
  },

  "@fastify/jwt": () =>
    serveFastify(async (app) => {
      await app.register(fastifyJwt, {
        decode: { complete: true },
        secret: { public: async (_request: unknown, token: unknown) => pemFor(token) },
        verify: {
          algorithms: [...algorithms],
          allowedIss: issuer,
          allowedAud: audience,
          requiredClaims: ["iss", "aud", "exp"],
          clockTolerance: 0,
        },
      });
      app.addHook("onRequest", (request) => request.jwtVerify());
    }),
};

async function serveExpress(protect: (app: Express) => unknown): Promise<number> {
  const app = express().set("env", "production"); // no stacks in answers
  protect(app);
  app.use((_request, response) => void response.json({ reached: true }));
  return new Promise((resolve) => {
    const server = app.listen(0, "127.0.0.1", () => resolve((server.address() as { readonly port: number }).port));
  });
}

async function serveFastify(protect: (app: FastifyInstance) => Promise<unknown>): Promise<number> {
  const app = fastify();
  app.addHttpMethod("PROPFIND");
  await protect(app);
  app.all("/*", async () => ({ reached: true }));
  return Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
}

const pems = new Map(jwks.keys.map((key) => [key.kid, { alg: key.alg, pem: pemOf(key) }]));

function pemOf(key: Jwk): string {
  return createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" }).toString();
}

/** The key that a token names, as an application looks it up: 401 where there is none for it. */
function pemFor(token: unknown): string {
  const { header } = token as { readonly header: Readonly<Record<string, unknown>> };
  const { kid, alg } = header;
  const found = typeof kid === "string" ? pems.get(kid) : undefined;
  if (found !== undefined && found.alg === alg) return found.pem;
  throw Object.assign(new Error("no such key"), { statusCode: 401 });
}
