// One request with its token, and once more with another token where the server says that it does not take the first.
import type { AccessToken } from "../base/access-token.js";
import { TokenError } from "../base/errors.js";
import { isPrivateChannel } from "../base/loopback.js";
import { isToken } from "../base/token-text.js";
import type { TokenRequest, TokenSource } from "../base/token-source.js";
import { isTokenRefused } from "./explain-challenge.js";
import { hasLine } from "./header-lines.js";
import type { HeaderLines } from "./header-lines.js";
import { follows, isRepeatable, signalOf } from "./hop.js";
import type { Hop } from "./hop.js";
import { letGo } from "./let-go.js";
import type { Settings } from "./options.js";
import { toChunks } from "./request-body.js";
import { rememberSent } from "./sent-tokens.js";

/** Sends the requests of one call. */
export interface Sender {
  /**
   * Sends a request, with a token of the source if it may have one.
   * @throws {TokenError} when there is none, or what the source gives is none
   * @throws {TypeError} when the token would go in the clear; or what fetch throws
   */
  send(hop: Hop): Promise<Response>;
}

export function createSender(source: TokenSource, settings: Settings): Sender {
  let triedAgain = false; // once a call, whatever redirects there are
  const sent: string[] = []; // all of a call: what one server was sent may come back from the next

  async function sendOnce(hop: Hop, token?: AccessToken): Promise<Response> {
    const credentials = token === undefined ? [] : authorization(token);
    if (token !== undefined) sent.push(token.value);
    const response = await sendHop(hop, settings, credentials);
    rememberSent(response, sent);
    return response;
  }

  async function sendWithToken(hop: Hop): Promise<Response> {
    if (!isPrivateChannel(hop.url)) {
      throw new TypeError(
        `authorized fetch: a token is sent over https only, or to this machine; not to ${hop.url.origin}`,
      );
    }
    const asked = { ...settings.requestFor(hop.url, hop.method), signal: signalOf(hop) };
    const token = await source.token(asked);
    const response = await sendOnce(hop, token);
    if (triedAgain || !isTokenRefused(response) || !isRepeatable(hop)) return response;
    const another = await anotherToken(token, asked, source);
    if (another === undefined) return response;
    triedAgain = true;
    await letGo(response);
    return sendOnce(hop, another);
  }

  return { send: (hop) => (hop.trusted ? sendWithToken(hop) : sendOnce(hop)) };
}

async function sendHop(hop: Hop, settings: Settings, credentials: HeaderLines): Promise<Response> {
  const { request, url, init, method } = hop;
  const { lines, ...body } = settings.chunkedUploads ? inChunks(hop) : { lines: hop.lines };
  const redirect = follows(hop) ? "manual" : init.redirect;
  return settings.send(request ?? url.href, {
    ...init,
    ...body,
    ...(request === undefined ? { method } : {}),
    ...(redirect === undefined ? {} : { redirect }),
    headers: [...lines, ...credentials].map(([name, value]): [string, string] => [name, value]),
  });
}

interface Chunked {
  readonly lines: HeaderLines;
  readonly body?: Response["body"];
  readonly duplex?: "half";
}

function inChunks({ init, request, lines }: Hop): Chunked {
  const body = init.body ?? request?.body ?? undefined;
  if (body === undefined) return { lines };
  const { stream, type } = toChunks(body);
  const typed = type === null || hasLine(lines, "content-type");
  return { lines: typed ? lines : [...lines, ["Content-Type", type]], body: stream, duplex: "half" };
}

/**
 * A token that is not the refused one. The source is first asked as before: who was refused at the same time may have
 * brought a new one already.
 */
async function anotherToken(
  refused: AccessToken,
  asked: TokenRequest,
  source: TokenSource,
): Promise<AccessToken | undefined> {
  try {
    const now = await source.token(asked);
    if (now.value !== refused.value) return now;
    const fresh = await source.token({ ...asked, fresh: true, refused });
    return fresh.value === refused.value ? undefined : fresh;
  } catch (error) {
    if (error instanceof TokenError) return undefined; // then the refusal is the answer
    throw error;
  }
}

function authorization(token: AccessToken): HeaderLines {
  const { value, source } = token;
  if (!isToken(value)) {
    throw new TokenError("unusable", `${source}: what it gave is no token (RFC 6750 2.1)`, { source });
  }
  return [["Authorization", `Bearer ${value}`]];
}
