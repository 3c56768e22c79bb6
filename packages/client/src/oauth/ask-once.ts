// A person logs in once; later tokens come by the refresh token that the login brought. RFC 6749 6, OpenID Connect Core 11.
import type { AccessToken } from "../base/access-token.js";
import { systemClock } from "../base/clock.js";
import { TokenError } from "../base/errors.js";
import { checkChoice, checkFunction, checkText } from "../base/option-checks.js";
import { readExpiry } from "../base/read-claims.js";
import { shareWork } from "../base/shared-work.js";
import { readRequest, requestKey } from "../base/token-request.js";
import type { ReadRequest } from "../base/token-request.js";
import type { TokenSource } from "../base/token-source.js";
import type { OAuthOptions } from "./options.js";
import { whyNotNarrowed } from "./narrowed.js";
import { createRefresher } from "./refresher.js";
import { oauthServer } from "./server.js";
import type { Call, OAuthServer, TokenAnswer } from "./server.js";
import { answeredToken, checkIssuer, sourceName } from "./source.js";

/** Options of the sources that a person answers. */
export interface LoginOptions extends OAuthOptions {
  /** A refresh token of an earlier login: as long as it is good, nobody is asked. */
  readonly refreshToken?: string | undefined;
  /** Is given each new refresh token, to be stored before the access token that came with it is given out. */
  readonly onRefreshToken?: ((refreshToken: string) => void | Promise<void>) | undefined;
  /** Whether `offline_access` is added to the scope where the issuer offers it, so that a person is asked once. Default true. */
  readonly offline?: boolean | undefined;
}

export const LOGIN_OPTION_NAMES: readonly string[] = ["refreshToken", "onRefreshToken", "offline"];

/** @throws {TypeError} for what `checkOAuthOptions` does not know */
export function checkLoginOptions(where: string, options: LoginOptions): void {
  const { issuer, refreshToken, onRefreshToken, offline } = options;
  if (issuer === undefined)
    throw new TypeError(`${where}: issuer must be given: its metadata say where a person logs in`);
  if (refreshToken !== undefined) checkText(where, "refreshToken", refreshToken);
  checkFunction(where, "onRefreshToken", onRefreshToken);
  checkChoice(where, "offline", { value: offline, known: [true, false] });
}

/** Asks a person for what the request says. */
export type Login = (server: OAuthServer, request: ReadRequest, call: Call) => Promise<TokenAnswer>;

const OFFLINE = "offline_access";

export function askOnce(grant: string, options: LoginOptions, askPerson: Login): TokenSource {
  const { audienceStyle = "space-separated", onRefreshToken, issuer, offline = true, clock = systemClock } = options;
  const source = sourceName(grant, options);
  const server = oauthServer(options);
  const refresher = createRefresher(
    { server, source, audienceStyle, onRefreshToken, forgets: true },
    options.refreshToken,
  );
  const share = shareWork<Granted>();
  let last: Granted | undefined;

  async function refreshed(request: ReadRequest): Promise<TokenAnswer | undefined> {
    if (!refresher.ready()) return undefined;
    try {
      return await refresher.refresh(request);
    } catch (error) {
      if (!(error instanceof TokenError) || error.code !== "interaction_needed") throw error;
      return undefined; // revoked or expired: it is time to ask again
    }
  }

  /** What is asked of the person is what the options say; the request fills in what they leave open. */
  function asksFor(request: ReadRequest): ReadRequest {
    const base = readRequest({}, options);
    const fill = (name: "scope" | "audience" | "resource"): readonly string[] =>
      base[name].length > 0 ? base[name] : request[name];
    return { ...request, scope: fill("scope"), audience: fill("audience"), resource: fill("resource") };
  }

  async function loggedIn(asked: ReadRequest, signal: AbortSignal): Promise<Granted> {
    const call = { source, signal };
    const { scope } = asked;
    const adds = offline && !scope.includes(OFFLINE) && (await server.offersScope(OFFLINE, call));
    const answer = await askPerson(server, { ...asked, scope: adds ? [...scope, OFFLINE] : scope }, call);
    await refresher.keep(answer.refreshToken);
    last = { key: requestKey(asked), answer };
    return last;
  }

  return Object.freeze({
    async token(asked) {
      const request = readRequest(asked, options);
      checkIssuer(request, source, issuer);
      const login = asksFor(request);
      const give = (answer: TokenAnswer): AccessToken => answeredToken(answer, request, { source, now: clock() });
      /** What the login brought, though less was asked for now: without a refresh token it cannot be narrowed. */
      const giveWhole = (answer: TokenAnswer): AccessToken => {
        const why = whyNotNarrowed(answer, { request, login, now: clock() });
        if (why === undefined) return give(answer);
        throw new TokenError("refused", `${source}: ${why}`, { source });
      };
      const again = await refreshed(request);
      if (again !== undefined) return give(again);
      if (last !== undefined && !request.fresh && serves(last, login, clock())) return giveWhole(last.answer);
      for (;;) {
        // Whoever else waits is served by the same login: a person answers one question at a time.
        const granted = await share("", (signal) => loggedIn(login, signal), request.signal);
        if (granted.key === requestKey(request)) return give(granted.answer);
        const narrowed = await refreshed(request);
        if (narrowed !== undefined) return give(narrowed);
        if (granted.key === requestKey(login)) return giveWhole(granted.answer);
      }
    },
  } satisfies TokenSource);
}

interface Granted {
  readonly key: string;
  readonly answer: TokenAnswer;
}

/** Without a refresh token there is but the token that the login brought: used as long as it lives. */
function serves({ key, answer }: Granted, login: ReadRequest, now: number): boolean {
  const ends = readExpiry(answer.accessToken) ?? answer.expiresAt;
  return key === requestKey(login) && ends !== undefined && ends - now >= login.timeLeft;
}
