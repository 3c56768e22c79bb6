// A Vault as htgettoken knows it, strict about methods, paths and headers, without a network. Interop 9.
import { respond } from "./oauth-stand-in.js";
import type { Answer } from "./oauth-stand-in.js";

export const VAULT_TOKEN = "hvs.the-vault-token-0123";
export const SHORT_TOKEN = "hvs.the-shorter-token-45";

/** One request, as it came. */
export interface VaultCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface StandInVault {
  readonly fetch: typeof fetch;
  readonly calls: readonly VaultCall[];
}

/** What it answers, by method and path; a list is answered in turn, its last again and again. */
export type VaultAnswers = Readonly<Record<string, Answer | readonly Answer[]>>;

const OPEN = /^\/v1\/auth\/(?:oidc|kerberos)-/; // ways to log in: no vault token yet

export function standInVault(answers: VaultAnswers, origin = "https://vault.test:8200"): StandInVault {
  const calls: VaultCall[] = [];
  const asked = new Map<string, number>();
  return {
    calls,
    fetch: async (input, init = {}) => {
      const url = new URL(String(input instanceof Request ? input.url : input));
      const headers = new Headers(init.headers);
      const method = init.method ?? "GET";
      const text = typeof init.body === "string" ? init.body : undefined;
      if (url.origin !== origin) throw new Error(`the stand-in is not at ${url.origin}`);
      if (init.redirect !== "manual") throw new Error("redirects must not be followed");
      if ((text !== undefined) !== (method === "POST")) return respond([405, { errors: ["unsupported operation"] }]);
      const isJson = headers.get("content-type") === "application/json";
      const body: unknown = isJson ? JSON.parse(text ?? "") : text;
      calls.push({ method, path: url.pathname, query: Object.fromEntries(url.searchParams), headers, body });
      const vaultToken = headers.get("x-vault-token");
      if (OPEN.test(url.pathname) !== (vaultToken === null))
        return respond([400, { errors: ["missing client token"] }]);
      if (vaultToken !== null && ![VAULT_TOKEN, SHORT_TOKEN].includes(vaultToken)) {
        return respond([403, { errors: ["permission denied"] }]);
      }
      const key = `${method} ${url.pathname}`;
      const count = asked.get(key) ?? 0;
      asked.set(key, count + 1);
      return respond(pick(answers[key], count));
    },
  };
}

function pick(answer: Answer | readonly Answer[] | undefined, count: number): Answer {
  if (answer === undefined) return [404, { errors: [] }];
  if (answer instanceof Error || typeof answer[0] === "number") return answer as Answer;
  const list = answer as readonly Answer[];
  return list[Math.min(count, list.length - 1)] ?? [404, { errors: [] }];
}
