// A server on Node's own http module, on the bare core, under the contract.
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  applyRefusal,
  authorizeRequest,
  createProtection,
  createProtections,
  nodeFacts,
  sendAnswer,
  sendRefusal,
} from "@scitokens/core/http";
import type { Protection, ProtectOptions, ResourceMetadata } from "@scitokens/core/http";
import { answer, breakDown, customBody } from "./harness.js";
import type { ContractOptions, ContractRoute, Harness } from "./harness.js";
import { listen } from "./listen.js";

interface Prepared {
  readonly route: ContractRoute;
  readonly protection: Protection<IncomingMessage>;
}

export const nodeHarness: Harness = {
  name: "node:http on the bare core",
  parameters: false,
  errorHandlers: false,
  webStandard: false,
  serve(routes, { metadata } = {}) {
    const document = metadata && createProtections(optionsOf(metadata)).metadata();
    const prepared = routes.map((route): Prepared => {
      return { route, protection: createProtection(optionsOf(route.protect)) };
    });
    return listen((request, response) => {
      handle({ prepared, document }, request, response).catch(() => response.writeHead(500).end());
    });
  },
};

interface Application {
  readonly prepared: readonly Prepared[];
  readonly document: ResourceMetadata | undefined;
}

async function handle(
  { prepared, document }: Application,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const told = document?.answer(request.method ?? "", request.url ?? "");
  if (told !== undefined) return sendAnswer(response, told);
  const found = prepared.find(({ route }) => matches(route, request));
  if (found === undefined) return void response.writeHead(404).end();
  const { route, protection } = found;
  const decision = await authorizeRequest(nodeFacts(request), protection);
  if (decision.allowed) {
    if (route.broken !== undefined) await breakDown(route.broken);
    return void response
      .setHeader("Content-Type", "application/json")
      .end(answer(route, { token: decision.token, target: request.url ?? "", request }));
  }
  if (route.protect.onError === undefined) return sendRefusal(response, decision.refusal);
  applyRefusal(response, decision.refusal);
  response.end(customBody(decision.refusal));
}

function optionsOf({ onError: _onError, ...options }: ContractOptions): ProtectOptions<IncomingMessage> {
  return options as ProtectOptions<IncomingMessage>;
}

function matches({ method, path }: ContractRoute, request: IncomingMessage): boolean {
  const asked = request.method?.toLowerCase();
  if (method !== "all" && method !== asked && !(method === "get" && asked === "head")) return false;
  const target = request.url ?? "";
  return path.endsWith("*") ? target.startsWith(path.slice(0, -1)) : target.split("?", 1)[0] === path;
}
