// A server on Node's own http module, on the bare core, under the contract.
import type { IncomingMessage, ServerResponse } from "node:http";
import { applyRefusal, authorizeRequest, createProtection, nodeFacts, sendRefusal } from "@scitokens/core/http";
import type { Protection, ProtectOptions } from "@scitokens/core/http";
import { listen } from "./express-harness.js";
import { answer, customBody } from "./harness.js";
import type { ContractRoute, Harness } from "./harness.js";

interface Prepared {
  readonly route: ContractRoute;
  readonly protection: Protection<IncomingMessage>;
}

export const nodeHarness: Harness = {
  name: "node:http on the bare core",
  parameters: false,
  serve(routes) {
    const prepared = routes.map((route): Prepared => {
      const { onError: _, ...options } = route.protect;
      return { route, protection: createProtection(options as ProtectOptions<IncomingMessage>) };
    });
    return listen((request, response) => {
      handle(prepared, request, response).catch(() => response.writeHead(500).end());
    });
  },
};

async function handle(
  prepared: readonly Prepared[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = prepared.find(({ route }) => matches(route, request));
  if (found === undefined) return void response.writeHead(404).end();
  const decision = await authorizeRequest(nodeFacts(request), found.protection);
  if (decision.allowed) {
    if (found.route.broken === true) throw new Error("the handler's own fault");
    return void response.setHeader("Content-Type", "application/json").end(answer(decision.token));
  }
  if (found.route.protect.onError === undefined) return sendRefusal(response, decision.refusal);
  applyRefusal(response, decision.refusal);
  response.end(customBody(decision.refusal));
}

function matches({ method, path }: ContractRoute, request: IncomingMessage): boolean {
  if (method !== "all" && method !== request.method?.toLowerCase()) return false;
  const target = request.url ?? "";
  return path.endsWith("*") ? target.startsWith(path.slice(0, -1)) : target.split("?", 1)[0] === path;
}
