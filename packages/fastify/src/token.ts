// Where Fastify's handlers find the verified token.
import type { SciToken } from "@scitokens/core";

declare module "fastify" {
  interface FastifyRequest {
    /** The verified token; undefined where the route is not protected, or is optional and none was sent. */
    scitoken?: SciToken | undefined;
  }
}

/** What a token is put on and read from: a request of Fastify's, whatever its route is declared to be. */
export interface TokenCarrier {
  scitoken?: SciToken | undefined;
}

/**
 * The verified token of a request.
 * @throws {Error} where there is none: the route is not protected, or is optional and no token was sent
 */
export function getToken<Claims = {}>(request: TokenCarrier): SciToken<Claims> {
  if (request.scitoken === undefined) {
    throw new Error(
      "the request has no token: protect its route, or look at request.scitoken where the token is optional, or only reported",
    );
  }
  return request.scitoken as SciToken<Claims>;
}
