// Express 5: the protection is a middleware of the route.
import { problemDetails, protect } from "@scitokens/express";
import express from "express";
import type { ErrorRequestHandler, RequestHandler } from "express";
import { expressjwt } from "express-jwt";
import { auth } from "express-oauth2-jwt-bearer";
import { createServer } from "node:http";
import { BODY, contender, ourOptions, ROUTE, SCOPE } from "../contender.js";
import type { Contender, Trust } from "../contender.js";
import { listen } from "../listen.js";

interface Protection {
  readonly handlers: readonly RequestHandler[];
  readonly onError?: ErrorRequestHandler;
}

export const contenders: readonly Contender[] = [
  contender(
    { name: "bare", role: "bare" },
    serve(() => ({ handlers: [] })),
  ),
  contender(
    { name: "no-op", role: "noop" },
    serve(() => ({ handlers: [(_request, _response, next) => next()] })),
  ),
  contender(
    { name: "@scitokens/express", role: "ours", remembers: true },
    serve((trust) => ({
      handlers: [protect({ ...ourOptions(trust), scope: SCOPE })],
      onError: problemDetails(),
    })),
  ),
  contender(
    { name: "express-oauth2-jwt-bearer", role: "peer" },
    serve(({ issuer, audience, jwk }) => ({
      handlers: [auth({ issuer, audience, publicKey: { keys: [jwk] }, tokenSigningAlg: "RS256" })],
    })),
  ),
  contender(
    { name: "express-jwt", role: "peer" },
    serve(({ issuer, audience, pem }) => ({
      handlers: [expressjwt({ secret: pem, issuer, audience, algorithms: ["RS256"] })],
    })),
  ),
];

function serve(protection: (trust: Trust) => Protection): Contender["start"] {
  return (trust) => {
    const { handlers, onError = answerError } = protection(trust);
    const app = express();
    app.get(ROUTE, ...handlers, (_request, response) => void response.json(BODY));
    app.use(onError);
    return listen(createServer(app));
  };
}

/** Without one Express would write every error to the console. */
const answerError: ErrorRequestHandler = (error: { readonly status?: number }, _request, response, _next) => {
  response.status(error.status ?? 500).json({ status: error.status ?? 500 });
};
