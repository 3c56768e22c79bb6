// What only Node has, where there is Node: the core's main entry never imports a `node:` module at its top.

interface Process {
  readonly versions?: { readonly openssl?: string };
  getBuiltinModule?: (id: string) => unknown;
  nextTick?: (callback: () => void) => void;
  emitWarning?: (warning: string, options: { type: string; code?: string }) => void;
}

/** Node's `process`, or what another runtime calls so. */
export const process: Process | undefined = (globalThis as { process?: Process }).process;

/** A built-in module of Node, or undefined on a runtime without it. */
export function builtin<Module>(id: `node:${string}`): Module | undefined {
  return process?.getBuiltinModule?.(id) as Module | undefined;
}
