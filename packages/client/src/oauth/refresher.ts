// One refresh token and its rotation: asked in turn, never twice with the same (RFC 6749 6, RFC 9700 4.14.2).
import { TokenError } from "../base/errors.js";
import { requestKey } from "../base/token-request.js";
import type { ReadRequest } from "../base/token-request.js";
import { shareWork } from "../base/shared-work.js";
import type { AudienceStyle } from "./options.js";
import { tokenParameters } from "./parameters.js";
import type { OAuthServer, TokenAnswer } from "./server.js";

export interface RefresherOptions {
  readonly server: OAuthServer;
  readonly source: string;
  readonly audienceStyle: AudienceStyle;
  readonly onRefreshToken?: ((refreshToken: string) => void | Promise<void>) | undefined;
  readonly forgets?: boolean | undefined;
}

export interface Refresher {
  /** Whether there is a refresh token. */
  readonly ready: () => boolean;
  /** Takes a refresh token over and hands it to `onRefreshToken`. */
  readonly keep: (refreshToken: string | undefined) => Promise<void>;
  /** @throws {TokenError} `interaction_needed` when the refresh token is no longer good */
  readonly refresh: (request: ReadRequest) => Promise<TokenAnswer>;
}

export function createRefresher(options: RefresherOptions, first?: string): Refresher {
  const { server, source, audienceStyle, onRefreshToken, forgets = false } = options;
  const share = shareWork<TokenAnswer>();
  let current = first;
  let last: Promise<unknown> = Promise.resolve();

  async function keep(next: string | undefined): Promise<void> {
    if (next === undefined || next === current) return;
    current = next;
    await onRefreshToken?.(next);
  }

  async function ask(request: ReadRequest): Promise<TokenAnswer> {
    const sent = current;
    if (sent === undefined)
      throw new TokenError("interaction_needed", `${source}: no refresh token is good any more`, { source });
    const parameters = tokenParameters(request, audienceStyle);
    parameters.set("refresh_token", sent);
    // Without a signal: an answer that nobody reads may hold the only refresh token that is still good.
    const answer = await server
      .grant("refresh_token", parameters, { source, secrets: [sent] })
      .catch((error: unknown) => {
        const dead = error instanceof TokenError && error.code === "interaction_needed";
        if (dead && forgets && current === sent) current = undefined;
        throw error;
      });
    await keep(answer.refreshToken);
    return answer;
  }

  return {
    ready: () => current !== undefined,
    keep,
    refresh: (request) =>
      share(
        requestKey(request),
        () => {
          const turn = last.then(() => ask(request));
          last = turn.catch(() => {});
          return turn;
        },
        request.signal,
      ),
  };
}
