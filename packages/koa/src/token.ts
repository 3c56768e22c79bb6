// Where Koa's handlers find the verified token.
import type { SciToken } from "@scitokens/core";

declare module "koa" {
  // What an application's state holds when it declares none of its own, with the types of Koa 2 and 3.
  interface DefaultState {
    /** The verified token; undefined where the route is not protected, or is optional and none was sent. */
    scitoken?: SciToken | undefined;
  }
}

/** What a protected route finds in its state; for applications that declare a state of their own. */
export interface TokenState {
  scitoken?: SciToken | undefined;
}

/** What a token is read from: a context of Koa's, whatever its state is declared to be. */
export interface TokenCarrier {
  readonly state: object;
}

/**
 * The verified token of a request.
 * @throws {Error} where there is none: the route is not protected, or is optional and no token was sent
 */
export function getToken<Claims = {}>(ctx: TokenCarrier): SciToken<Claims> {
  const { scitoken }: TokenState = ctx.state;
  if (scitoken === undefined) {
    throw new Error(
      "the request has no token: put protect() before this handler, or look at ctx.state.scitoken where it is optional, or only reported",
    );
  }
  return scitoken as SciToken<Claims>;
}
