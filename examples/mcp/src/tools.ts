// Two tools. A token opens the server; what each tool may do for its bearer, the token's capabilities say.
import { McpServer } from "@modelcontextprotocol/server";
import type { CallToolResult, ScopeChallengeHandler } from "@modelcontextprotocol/server";
import { getToken } from "@scitokens/core/mcp";
import * as z from "zod";

const frames = {
  H1: ["H-H1_HOFT-1187008882-4096.gwf"],
  L1: ["L-L1_HOFT-1187008882-4096.gwf"],
} as const;

export function createServer(): McpServer {
  const server = new McpServer({ name: "frames", version: "1.0.0" });

  // The capability depends on an argument: the tool asks for the very path, once the argument is known to be good.
  server.registerTool(
    "list_frames",
    {
      description: "Lists the frame files of an observatory; needs read:/frames/<observatory>",
      inputSchema: z.object({ observatory: z.enum(["H1", "L1"]) }),
    },
    ({ observatory }, { http }) => {
      const path = `/frames/${observatory}`;
      if (!getToken(http?.authInfo).allows("read", path)) return refusal(`read:${path}`);
      return text(frames[observatory].join("\n"));
    },
  );

  // The same capability for every call: a client that lacks it is told so by HTTP, and can ask its issuer for more.
  server.registerTool(
    "submit_job",
    {
      description: "Submits a job; needs compute.create",
      inputSchema: z.object({ executable: z.string().min(1) }),
      scopeChallenge: needs("compute.create"),
    },
    ({ executable }, { http }) => text(`submitted ${executable} for ${getToken(http?.authInfo).subject}`),
  );
  return server;
}

function needs(capability: string): ScopeChallengeHandler {
  return ({ authInfo }) => (getToken(authInfo).allows(capability) ? undefined : { scopes: [capability] });
}

const text = (said: string): CallToolResult => ({ content: [{ type: "text", text: said }] });

const refusal = (needed: string): CallToolResult => ({ ...text(`the access token lacks ${needed}`), isError: true });
