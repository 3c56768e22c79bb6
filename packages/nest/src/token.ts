// Where handlers find the verified token, in whatever kind of context.
import { createParamDecorator } from "@nestjs/common";
import type { ExecutionContext } from "@nestjs/common";
import type { SciToken } from "@scitokens/core";
import { markOf } from "./mark.js";
import { isObject } from "./platform.js";

/** What a token is put on and read from in HTTP: a request of Express or Fastify. */
export interface TokenCarrier {
  scitoken?: SciToken | undefined;
}

/** What of a token a handler wants: the name of a claim, or a function. */
export type TokenSelector<C = {}> = string | ((token: SciToken<C>) => unknown);

declare global {
  // Express reads its Request from here, in versions 4 and 5; the same stands in @scitokens/express.
  // oxlint-disable-next-line typescript/no-namespace
  namespace Express {
    interface Request {
      /** The verified token; undefined where the handler is public, or optional and no token was sent. */
      scitoken?: SciToken | undefined;
    }
  }
}

const kept = new WeakMap<object, SciToken | undefined>();

/** Each stands among the arguments of a WebSocket message that is a bare value, and so cannot be told from its equals. */
const slots = new WeakSet<object>();

/** Keeps the token of one call of a handler; in HTTP also as `request.scitoken`. */
export function keepToken(context: ExecutionContext, token: SciToken | undefined): void {
  if (context.getType<string>() === "ws") addSlot(context.getArgs<unknown[]>());
  const carrier = carrierOf(context);
  kept.set(carrier, token);
  if (context.getType<string>() === "http") (carrier as TokenCarrier).scitoken = token;
}

/**
 * The verified token of a request or of an execution context.
 * @throws {Error} where there is none: the handler is public, or optional and no token was sent
 * @example getToken<{ email: string }>(context).get("email")
 */
export function getToken<C = {}>(from: ExecutionContext | object): SciToken<C> {
  const token = isContext(from) ? kept.get(carrierOf(from)) : (from as TokenCarrier).scitoken;
  if (token !== undefined) return token as SciToken<C>;
  throw new Error(
    "there is no token: put @Protect() at this handler, or use @Token() where it is optional or only reported; a global guard of the " +
      "root module is asked before those of imported modules: await canActivate() of SciTokensGuard in it first",
  );
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
  // Where Nest asks no global guard, nobody has judged what is public.
  if (markOf(context)?.kind === "public") return undefined;
  const carrier = carrierOf(context);
  if (!kept.has(carrier)) throw new Error("@Token: no guard has judged this call; put @Protect() at the handler");
  const token = kept.get(carrier);
  if (token === undefined || selector === undefined) return token;
  return typeof selector === "string" ? token.get(selector) : selector(token);
});

/** What is new with each call and the same for all that Nest asks about it; contexts themselves are not. */
function carrierOf(context: ExecutionContext): object {
  const [first, second, , fourth] = context.getArgs<unknown[]>();
  switch (context.getType<string>()) {
    case "graphql":
      // What is resolved; its context is shared by all fields of a query, and its info by all references of a field.
      return firstObject(fourth, first);
    case "ws":
      // Never the client, which all messages of a connection share.
      return firstObject(second, context.getArgs<unknown[]>().find(isSlot), {});
    case "rpc":
      return firstObject(second, first);
    default:
      return firstObject(first);
  }
}

function isSlot(value: unknown): boolean {
  return isObject(value) && slots.has(value);
}

/** Behind all that Nest has put there; the pattern, which it looks for at the end, stands there once more. */
function addSlot(args: unknown[]): void {
  if (isObject(args[1])) return;
  const slot = {};
  slots.add(slot);
  args.push(slot, args.at(-1));
}

function firstObject(...values: readonly unknown[]): object {
  const found = values.find(isObject);
  if (found === undefined) throw new TypeError("the guard was called without a request");
  return found;
}

function isContext(from: object): from is ExecutionContext {
  return "getType" in from && typeof from.getType === "function";
}
