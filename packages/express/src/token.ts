// Where Express handlers find the verified token.
import type { SciToken } from "@scitokens/core";

declare global {
  // Express reads its Request from here, in versions 4 and 5.
  // oxlint-disable-next-line typescript/no-namespace
  namespace Express {
    interface Request {
      /** The verified token; undefined where the route is not protected, or is optional and none was sent. */
      scitoken?: SciToken | undefined;
    }
  }
}

/** What a token is put on and read from: an Express request, or anything of its kind. */
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
      "the request has no token: put protect() before this handler, or look at req.scitoken where it is optional, or only reported",
    );
  }
  return request.scitoken as SciToken<Claims>;
}
