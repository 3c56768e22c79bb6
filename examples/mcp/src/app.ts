// An MCP server over HTTP: the SDK asks our verifier for each token, and says in its challenges where to get one.
import { getOAuthProtectedResourceMetadataUrl, requireBearerAuth } from "@modelcontextprotocol/express";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, OAuthError, OAuthErrorCode } from "@modelcontextprotocol/server";
import { createTokenVerifier } from "@scitokens/core/mcp";
import { scitokens } from "@scitokens/express";
import type { EnforcerOptions } from "@scitokens/express";
import express from "express";
import type { Express } from "express";
import { createServer } from "./tools.js";

/** @param trust its audience is this server's URL: that is who tokens for it are for (RFC 8707) */
export function createApp(trust: EnforcerOptions & { readonly audience: string }): Express {
  const auth = scitokens({
    ...trust,
    resourceMetadata: { resource_name: "Frames for agents", scopes_supported: ["read:/frames", "compute.create"] },
  });
  const resource = new URL(trust.audience);
  const authenticated = requireBearerAuth({
    verifier: createTokenVerifier({
      enforcer: auth.enforcer,
      refuse: (message) => new OAuthError(OAuthErrorCode.InvalidToken, message),
    }),
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
    expectedResource: resource,
  });
  const serve = toNodeHandler(createMcpHandler(createServer)); // stateless: a server for each request

  const app = express();
  app.use(auth.metadata()); // RFC 9728: what a client without a token is told
  app.all(resource.pathname, authenticated, (request, response) => void serve(request, response));
  return app;
}
