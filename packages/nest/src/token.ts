// Where handlers find the verified token, in whatever kind of context.
import { createParamDecorator } from "@nestjs/common";
import type { ExecutionContext } from "@nestjs/common";
import type { SciToken } from "@scitokens/core";
import { isObject } from "./platform.js";

/** What a token is put on and read from in HTTP: a request of Express or Fastify. */
export interface TokenCarrier {
  scitoken?: SciToken | undefined;
}

/** What of a token a handler wants: the name of a claim, or a function. */
export type TokenSelector<C = {}> = string | ((token: SciToken<C>) => unknown);

const kept = new WeakMap<object, SciToken | undefined>();

/** Keeps the token of one call of a handler; in HTTP also as `request.scitoken`. */
export function keepToken(context: ExecutionContext, token: SciToken | undefined): void {
  const carrier = carrierOf(context);
  kept.set(carrier, token);
  if (context.getType<string>() === "http") (carrier as TokenCarrier).scitoken = token;
}

/**
 * The verified token of a request or of an execution context.
 * @throws {Error} where there is none: the handler is public, or optional and no token was sent
 * @example getToken<{ email: string }>(context).get("email")
 */
export function getToken<C = {}>(from: ExecutionContext | TokenCarrier): SciToken<C> {
  const token = isContext(from) ? kept.get(carrierOf(from)) : from.scitoken;
  if (token !== undefined) return token as SciToken<C>;
  throw new Error("there is no token: put @Protect() at this handler, or use @Token() where it is optional");
}

/**
 * Gives a parameter of a handler the verified token, a claim of it, or what a function makes of it. Undefined where the
 * handler is `@Public()`, or optional and no token was sent.
 * @throws {Error} where no guard has judged the call: an error of the program
 * @example find(@Token() token: SciToken, @Token("email") email: string, @Token((t) => t.subject) name: string) { ... }
 */
export function Token<C = {}>(selector?: TokenSelector<C>): ParameterDecorator {
  return select(selector as TokenSelector | undefined);
}

const select = createParamDecorator((selector: TokenSelector | undefined, context: ExecutionContext): unknown => {
  const carrier = carrierOf(context);
  if (!kept.has(carrier)) throw new Error("@Token: no guard has judged this call; put @Protect() at the handler");
  const token = kept.get(carrier);
  if (token === undefined || selector === undefined) return token;
  return typeof selector === "string" ? token.get(selector) : selector(token);
});

/** What is new with each call and the same for all that Nest asks about it; contexts themselves are not. */
function carrierOf(context: ExecutionContext): object {
  const [first, second, third, fourth] = context.getArgs<unknown[]>();
  switch (context.getType<string>()) {
    case "graphql":
      // What is resolved; its context is shared by all fields of a query.
      return firstObject(fourth, third, first);
    case "ws":
      // The message. Where that is a bare value, the client: its messages then share one handshake's credentials.
      return firstObject(second, first);
    case "rpc":
      return firstObject(second, first);
    default:
      return firstObject(first);
  }
}

function firstObject(...values: readonly unknown[]): object {
  const found = values.find(isObject);
  if (found === undefined) throw new TypeError("the guard was called without a request");
  return found;
}

function isContext(from: ExecutionContext | TokenCarrier): from is ExecutionContext {
  return "getType" in from && typeof from.getType === "function";
}
