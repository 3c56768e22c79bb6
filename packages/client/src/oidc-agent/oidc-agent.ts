// Tokens from an oidc-agent that runs on this machine. Interop 8.
import { systemClock } from "../base/clock.js";
import { TokenError } from "../base/errors.js";
import { checkFunction, checkSeconds, checkText } from "../base/option-checks.js";
import { checkOptionNames } from "../base/option-names.js";
import { readClaims } from "../base/read-claims.js";
import { readRequest } from "../base/token-request.js";
import type { TokenRequest, TokenSource } from "../base/token-source.js";
import { receivedToken } from "../claims/received-token.js";
import { agentError } from "./agent-error.js";
import { AGENT, askAgent } from "./socket.js";
import type { AgentAnswer, AgentOptions } from "./socket.js";

/** Options of `oidcAgent`. Of `account` and `issuer` one says whose tokens; `token({ issuer })` may say it, too. */
export interface OidcAgentOptions extends AgentOptions, Pick<TokenRequest, "audience" | "scope"> {
  /** The account's short name, as `oidc-add --loaded` lists it. */
  readonly account?: string | undefined;
  /** An issuer's URL: the agent chooses the account. */
  readonly issuer?: string | undefined;
  /** What the agent tells its user of who asks. Default: `scitokens`. */
  readonly hint?: string | undefined;
  /** Seconds since the epoch. Default: the system's clock. */
  readonly clock?: (() => number) | undefined;
}

const SOCKET_NAMES = ["socket", "timeout", "env"];
const NAMES = [...SOCKET_NAMES, "account", "issuer", "hint", "clock", "audience", "scope"];
const FORCE_NEW = -1; // the agent's own word for it

/**
 * Gets tokens from oidc-agent (4 or 5) through its socket; with `scope` and `audience` it gets narrower ones for them.
 *
 * `timeout` is in seconds, default 10. The agent keeps its tokens itself, so that `cached()` around it saves little.
 * @throws {TypeError} for a wrong option; `token()` throws a TokenError: `not_found` where no agent runs, `interaction_needed`
 * when the account is not loaded or its login has expired
 * @example
 * const token = await oidcAgent({ account: "wlcg" }).token({ scope: "storage.read:/store", audience: "https://data.example" });
 */
export function oidcAgent(options: OidcAgentOptions): TokenSource {
  checkOptionNames("oidcAgent", options, NAMES);
  const { account, issuer, hint = "scitokens", clock = systemClock } = options;
  for (const [name, value] of Object.entries({ account, issuer, hint })) {
    if (value !== undefined) checkText("oidcAgent", name, value);
  }
  if (account !== undefined && issuer !== undefined) throw new TypeError("oidcAgent: give account or issuer, not both");
  checkSocketOptions("oidcAgent", options);
  checkFunction("oidcAgent", "clock", options.clock);
  readRequest({}, options);

  return Object.freeze({
    async token(asked) {
      const request = readRequest(asked, options);
      const from = account === undefined ? { issuer: issuer ?? request.issuer } : { account };
      if (account === undefined && from.issuer === undefined) {
        throw new TokenError("refused", `${AGENT}: whose token? give account or issuer`, { source: AGENT });
      }
      if (issuer !== undefined && request.issuer !== undefined && request.issuer !== issuer) throw anotherIssuer();
      const question = {
        request: "access_token",
        ...from,
        min_valid_period: request.fresh ? FORCE_NEW : Math.ceil(request.timeLeft),
        application_hint: hint,
        ...words("scope", request.scope),
        ...words("audience", [...request.audience, ...request.resource]),
      };
      const answer = await askAgent(question, options, request.signal);
      if (answer["status"] !== "success") throw agentError(answer, account);
      if (request.issuer !== undefined && !isFrom(answer, request.issuer)) throw anotherIssuer();
      const now = clock();
      const narrowed = "scope" in question || "audience" in question;
      const expiresAt = endOf(answer, narrowed ? now + request.timeLeft : 0);
      return receivedToken(answer["access_token"], request, { source: AGENT, expiresAt, now });
    },
  } satisfies TokenSource);
}

/**
 * Lists the accounts that are loaded in oidc-agent, by their short names. `timeout` is in seconds, default 10.
 * @throws {TokenError} `not_found` where no agent runs
 * @example await oidcAgentAccounts(); // ["wlcg", "dune"]
 */
export async function oidcAgentAccounts(options: AgentOptions = {}): Promise<readonly string[]> {
  checkOptionNames("oidcAgentAccounts", options, SOCKET_NAMES);
  checkSocketOptions("oidcAgentAccounts", options);
  const answer = await askAgent({ request: "loaded_accounts" }, options);
  const { info } = answer;
  if (answer["status"] === "success" && Array.isArray(info)) return info.filter((name) => typeof name === "string");
  throw agentError(answer, undefined);
}

function checkSocketOptions(where: string, { socket, timeout }: AgentOptions): void {
  if (socket !== undefined) checkText(where, "socket", socket);
  checkSeconds(where, "timeout", timeout);
}

function words(name: string, list: readonly string[]): Readonly<Record<string, string>> {
  if (list.some((one) => /\s/.test(one))) throw new TypeError(`${name} must hold no white space: give a list`);
  return list.length === 0 ? {} : { [name]: list.join(" ") };
}

/** With a narrowed token the agent tells the end of its other one: too early an end then says nothing. */
function endOf({ expires_at: end }: AgentAnswer, notBefore: number): number | undefined {
  return typeof end === "number" && end > 0 && end >= notBefore ? end : undefined;
}

/** The token's own word, to the letter. Of an opaque token only the agent knows, and it adds a slash at the end where it likes. */
function isFrom({ access_token: token, issuer: said }: AgentAnswer, issuer: string): boolean {
  const iss = typeof token === "string" ? readClaims(token)?.["iss"] : undefined;
  if (iss !== undefined) return iss === issuer;
  return typeof said === "string" && said.replace(/\/$/, "") === issuer.replace(/\/$/, "");
}

function anotherIssuer(): TokenError {
  return new TokenError("not_found", `${AGENT}: a token of another issuer is asked for`, { source: AGENT });
}
