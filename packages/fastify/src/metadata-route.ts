// Where clients without a token look for this server's metadata, as a route. RFC 9728, rule H7.
import type { NodeRequest, ResourceMetadata } from "@scitokens/core/http";
import { writeAnswer } from "./reply.js";
import type { ProtectedReply } from "./reply.js";

/** What `app.route()` takes, in an application of any type. */
export interface MetadataRoute {
  readonly method: ("GET" | "HEAD" | "OPTIONS")[];
  readonly url: string;
  readonly handler: (request: MetadataRequest, reply: MetadataReply) => void;
}

interface MetadataRequest {
  readonly raw: NodeRequest & { readonly originalUrl?: string };
}

interface MetadataReply extends ProtectedReply {
  callNotFound(): unknown;
}

export function createMetadataRoute(metadata: ResourceMetadata): MetadataRoute {
  return {
    method: ["GET", "HEAD", "OPTIONS"],
    url: patternOf(metadata.path),
    handler({ raw: { method = "", url = "", originalUrl = url } }, reply) {
      const answer = metadata.answer(method, originalUrl);
      if (answer === undefined) reply.callNotFound();
      else writeAnswer(reply, answer);
    },
  };
}

/** From the first character that the router reads in its own way, all below: the handler looks at the whole path. */
function patternOf(path: string): string {
  return path.replace(/[:*%;].*$/, "*");
}
