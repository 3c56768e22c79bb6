// What an adapter must offer to be held to the contract: routes in, a server on loopback out.
import type { SciToken } from "@scitokens/core";
import type { Refusal, RouteOptions, ScopeRule } from "@scitokens/core/http";
import type { EnforcerOptions } from "@scitokens/core";

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
  /** Throws instead of answering. */
  readonly broken?: true;
}

export interface Served {
  readonly port: number;
  close(): Promise<void>;
}

export interface Harness {
  readonly name: string;
  /** Whether routes have parameters that scope functions can read. */
  readonly parameters: boolean;
  serve(routes: readonly ContractRoute[]): Promise<Served>;
}

/** What every route answers when it is reached. */
export function answer(token: SciToken | undefined): string {
  return JSON.stringify({ reached: true, subject: token?.subject ?? null });
}

/** What an application's own error answer looks like here: a body of its own, status and headers left alone. */
export function customBody(refusal: Refusal): string {
  return `custom ${refusal.code}`;
}
