// What clients without a token are told, at its well-known place: beside guards, global prefix and versions. RFC 9728, rule H7.
import { NotFoundException } from "@nestjs/common";
import type { HttpServer } from "@nestjs/common";
import type { NodeRequest, ResourceMetadata } from "@scitokens/core/http";
import { findIncoming, sendTo } from "./platform.js";
import type { Settings } from "./settings.js";

/** Serves the document where the options say what it holds; a URL says that something else serves it. */
export function serveMetadata(server: HttpServer | undefined, settings: Settings): void {
  if (typeof settings.options.resourceMetadata !== "object" || typeof server?.all !== "function") return;
  const metadata = settings.metadata();
  server.all(metadata.path, (request: unknown, response: unknown) => sendMetadata(metadata, request, response));
}

function sendMetadata(metadata: ResourceMetadata, request: unknown, response: unknown): void {
  const found = findIncoming(request);
  const answer = found && metadata.answer(methodOf(found.incoming), found.target ?? found.incoming.url ?? "");
  // A router may take more for this path than the path: another letter case, a slash at its end.
  if (answer === undefined) throw new NotFoundException();
  sendTo(response, answer);
}

function methodOf({ method = "GET" }: NodeRequest): string {
  return method;
}
