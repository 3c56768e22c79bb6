// The decision of the core on what the model decides, in the model's words. Rules R3, R6, H3.
import type { Enforcer, SciTokenEvent } from "@scitokens/core";
import { authorizeRequest, createProtection, fromRequest, nodeFacts, operationOf } from "@scitokens/core/http";
import type { Decision } from "@scitokens/core/http";
import { enforcerWith, tokenOf } from "../../support/static-issuer.js";
import { isRefused, readEncoded, write } from "./path-model.js";
import { decide } from "./storage-model.js";
import type { Kind, ModelDecision, ModelRequest, Server } from "./storage-model.js";
import { AUDIENCES } from "./storage-requests.js";
import type { World } from "./storage-worlds.js";

/** What `exists` and `kind` were asked, in order. */
export type Calls = readonly (readonly [callback: "exists" | "kind", path: string])[];

export interface Answer {
  readonly decision: ModelDecision;
  readonly calls: Calls;
  readonly events: readonly SciTokenEvent[];
  /** As the core said it. */
  readonly said: Decision;
}

const enforcers = new Map<string, Enforcer>();
const heard: SciTokenEvent[] = [];

/** One for each configuration, without a cache: no two of the tokens are the same. */
function enforcerOf({ areas, equivalence }: World): Enforcer {
  const key = JSON.stringify([areas, equivalence]);
  const known = enforcers.get(key);
  if (known !== undefined) return known;
  const made = enforcerWith(
    { equivalence, audience: AUDIENCES, tokenCache: false, onEvent: (event) => void heard.push(event) },
    areas.length === 0 ? {} : { basePath: areas.map((area) => area) },
  );
  enforcers.set(key, made);
  return made;
}

export function rawOf({ profile, token }: World): string {
  return tokenOf(profile, {
    scope: token.scope,
    sub: token.subject,
    ...(profile === "wlcg" ? { "wlcg.groups": token.groups } : {}),
  });
}

const bare = (path: string): string => path.replace(/(?<=.)\/$/, "");
export const existsIn =
  ({ there }: World): ((path: string) => boolean) =>
  (path) =>
    there[bare(path)] !== undefined;
export const kindIn =
  ({ there }: World): ((path: string) => Kind) =>
  (path) =>
    there[bare(path)];

/** The model's decision on a world. */
export const modelled = (world: World): ModelDecision => decide(world.request, world.token, serverOf(world));

export function serverOf(world: World): Server {
  const { asks, areas, equivalence, groups, hosts } = world;
  return {
    equivalence,
    areas,
    audiences: AUDIENCES,
    thirdPartyCopy: asks.thirdPartyCopy,
    ...(asks.exists ? { exists: existsIn(world) } : {}),
    ...(asks.kind ? { kind: kindIn(world) } : {}),
    ...(groups === undefined ? {} : { groups }),
    ...(hosts === undefined ? {} : { hosts }),
  };
}

/** The core's. */
export async function answered(
  world: World,
  more: { readonly mode?: "report"; readonly raw?: string } = {},
): Promise<Answer> {
  const { asks, groups, hosts } = world;
  const calls: (readonly ["exists" | "kind", string])[] = [];
  const given = {
    ...(asks.exists ? { exists: (path: string) => (calls.push(["exists", path]), existsIn(world)(path)) } : {}),
    ...(asks.kind ? { kind: (path: string) => (calls.push(["kind", path]), kindIn(world)(path)) } : {}),
    thirdPartyCopy: asks.thirdPartyCopy,
  };
  const protection = createProtection({
    enforcer: enforcerOf(world),
    scope: fromRequest(given),
    ...(groups === undefined ? {} : { groups }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(more.mode === undefined ? {} : { mode: more.mode }),
  });
  heard.length = 0;
  const request = {};
  const said = await authorizeRequest({ ...factsOf(world.request, more.raw ?? rawOf(world)), request }, protection);
  return { decision: inModelWords(said, request), calls, events: [...heard], said };
}

function factsOf(
  { method, target, host, depth, destination, source }: ModelRequest,
  raw: string,
): ReturnType<typeof nodeFacts> {
  const lines = [
    ["Host", host],
    ["Authorization", `Bearer ${raw}`],
    ...depth.map((value) => ["Depth", value]),
    ...destination.map((value) => ["Destination", value]),
    ...source.map((value) => ["Source", value]),
  ];
  return nodeFacts({ method, url: target, rawHeaders: lines.flat(), headers: {} });
}

function inModelWords(said: Decision, request: object): ModelDecision {
  const refusal = said.allowed ? said.wouldRefuse : said.refusal;
  if (refusal === undefined) {
    const operation = operationOf(request);
    if (operation === undefined) throw new Error("expected an operation of a request that was let through");
    const { mayReplace, ...done } = operation;
    const isWritten = done.destination !== undefined || done.name === "write";
    return { status: 200, operation: isWritten ? { ...done, mayReplace } : done };
  }
  const { status, headers } = refusal;
  if (status !== 403) return { status: status === 401 ? 401 : 400 };
  const [, scopes = ""] = /scope="([^"]*)"/.exec(headers["WWW-Authenticate"] ?? "") ?? [];
  const asks = scopes.split(" ").filter((one) => one !== "");
  return { status, asks: [...new Set(asks.map(decoded))] };
}

/** Whether a slash is at its end depends on whether `kind` was asked. */
function decoded(scope: string): string {
  const [authz = "", rest = ""] = scope.split(/:(.*)/s);
  const path = readEncoded(rest);
  if (isRefused(path)) throw new Error(`expected a good scope in the challenge: ${scope}`);
  return `${authz}:${write({ ...path, directory: false })}`;
}
