// scitokens(): issuer and audience once, then protect({ scope }) for each route. Rules I15, H7.
import type { Enforcer } from "../enforcer/enforcer-type.js";
import type { SciToken } from "../enforcer/sci-token.js";
import { checkOnError, checkRouteOptions, createProtections } from "../http/index.js";
import type { RouteOptions } from "../http/index.js";
import { createGuard } from "./protect-fetch.js";
import type { ErrorHandler, FetchGuard, ProtectOptions } from "./protect-fetch.js";
import { webFacts } from "./web-request.js";
import { createResponse } from "./web-response.js";

/** What a route asks for beyond the defaults. */
export type FetchRouteOptions<Req = Request> = RouteOptions<Req> & { readonly onError?: ErrorHandler };

export interface SciTokens<C> {
  /** Protects by the defaults and what is given here. @throws {TypeError} for a wrong option */
  protect<Req = Request>(
    options?: FetchRouteOptions<Req> & { readonly optional?: false; readonly mode?: "enforce" },
  ): FetchGuard<SciToken<C>, Req>;
  protect<Req = Request>(options: FetchRouteOptions<Req>): FetchGuard<SciToken<C> | undefined, Req>;
  readonly enforcer: Enforcer<C>;
  /**
   * Answers for this server's metadata (RFC 9728) at its well-known place; undefined where something else was asked for.
   * @throws {TypeError} when neither `resourceMetadata` nor the audience says this server's URL
   * @example const answer = metadata(request); if (answer !== undefined) return answer;
   */
  metadata(): MetadataHandler;
}

export type MetadataHandler = (request: Request) => Response | undefined;

/**
 * What the routes of an application have in common. Whether a token is optional or only reported, each route says for itself.
 * @throws {TypeError} for a wrong option, which it names
 * @example
 * const auth = scitokens<{ email: string }>({ issuer, audience });
 * const readData = auth.protect({ scope: "read:/data" });
 * const token = await readData(request); // a SciToken, or the Response that refuses the request
 */
export function scitokens<C = {}>(
  common: ProtectOptions<Request, C> & { readonly optional?: false; readonly mode?: "enforce" },
): SciTokens<C> {
  const { onError, ...defaults } = checkRouteOptions(common);
  const protections = createProtections<Request, C>(defaults);
  const commonOnError = checkOnError(onError);

  function protect<Req>(
    options?: FetchRouteOptions<Req> & { readonly optional?: false; readonly mode?: "enforce" },
  ): FetchGuard<SciToken<C>, Req>;
  function protect<Req>(options: FetchRouteOptions<Req>): FetchGuard<SciToken<C> | undefined, Req>;
  function protect(given: FetchRouteOptions = {}): FetchGuard<SciToken | undefined> {
    const { onError: ownOnError = commonOnError, ...route } = checkRouteOptions(given);
    return createGuard(protections.route(route), checkOnError(ownOnError));
  }

  return Object.freeze<SciTokens<C>>({
    enforcer: protections.enforcer,
    protect,
    metadata() {
      const metadata = protections.metadata();
      return (request) => {
        const { method, target } = webFacts(request, undefined);
        const answer = metadata.answer(method, target);
        return answer && createResponse(answer, method);
      };
    },
  });
}
