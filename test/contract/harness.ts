// What an adapter must offer to be held to the contract: routes in, a server on loopback out.
import type { EnforcerOptions, SciToken } from "@scitokens/core";
import { operationOf, requestPath } from "@scitokens/core/http";
import type { Refusal, RouteOptions, ScopeRule } from "@scitokens/core/http";

/** A request as scope functions of every framework see it here: the parameters of its route. */
export interface ContractRequest {
  readonly params: Readonly<Record<string, unknown>>;
}

export type ContractOptions = EnforcerOptions &
  Omit<RouteOptions, "scope"> & { readonly scope?: ScopeRule<ContractRequest>; readonly onError?: "custom" };

export interface ContractRoute {
  readonly method: "get" | "put" | "head" | "options" | "all";
  /** `/name/:parameter`, or `/prefix/*` for all below. */
  readonly path: string;
  readonly protect: ContractOptions;
  /** The handler answers with the path that it would serve: its request's, as `requestPath()` reads it. */
  readonly echoes?: true;
  /** The handler answers with what its request does there, as `operationOf()` knows it. */
  readonly operates?: true;
  /** What the handler does instead of answering: throw at once, or after a while. */
  readonly broken?: "throws" | "rejects";
  /** The prefix of `path` at which a sub-application with this route is mounted, in the framework's own way. */
  readonly mountedAt?: string;
}

export interface ServeOptions {
  /**
   * Who writes the body of a refusal: the adapter's problem documents (default), the framework as it comes, or an error
   * handler of the application's own, which writes `OWN_PAGE` and touches neither status nor headers.
   */
  readonly errors?: "problem" | "framework" | "own";
  /** Serves the metadata document that `scitokens()` makes of these options. */
  readonly metadata?: ContractOptions;
}

export interface Served {
  readonly port: number;
  close(): Promise<void>;
}

export interface Harness {
  readonly name: string;
  /** Whether routes have parameters that scope functions can read. */
  readonly parameters: boolean;
  /** Whether there are error handlers of the framework's own and of the application's. */
  readonly errorHandlers: boolean;
  /** Whether requests are web-standard ones: dot segments resolved and equal header lines joined before we see them. */
  readonly webStandard: boolean;
  serve(routes: readonly ContractRoute[], options?: ServeOptions): Promise<Served>;
}

/** A request as its handler sees it. */
export interface Reached {
  readonly token: SciToken | undefined;
  readonly target: string;
  /** What scope functions are given. */
  readonly request: object;
}

/** What a route answers when it is reached. */
export function answer({ echoes, operates }: ContractRoute, { token, target, request }: Reached): string {
  return JSON.stringify({
    reached: true,
    subject: token?.subject ?? null,
    ...(echoes && { serves: requestPath(target) }),
    ...(operates && { operation: operationOf(request) ?? null }),
  });
}

/** What a route's own `onError` writes here: a body of its own, status and headers left alone. */
export function customBody(refusal: Refusal): string {
  return `custom ${refusal.code}`;
}

export const OWN_PAGE = "a page of the application's own";

/** What a broken route's handler does in place of its answer. */
export function breakDown(how: NonNullable<ContractRoute["broken"]>): Promise<never> {
  const fault = new Error("the handler's own fault");
  if (how === "throws") throw fault;
  return Promise.reject(fault);
}
