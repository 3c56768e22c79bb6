// An issuer as a client sees it, and the only door to openid-client: metadata, then its endpoints. RFC 6749, 8414, OpenID Discovery.
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  genericGrantRequest,
  initiateDeviceAuthorization,
  None,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import type { ClientAuth, CustomFetch, DeviceAuthorizationResponse, ServerMetadata } from "openid-client";
import { systemClock } from "../base/clock.js";
import { within } from "../base/deadline.js";
import { TokenError } from "../base/errors.js";
import { guardFetch } from "../base/guarded-fetch.js";
import { isLoopback } from "../base/loopback.js";
import { shareWork } from "../base/shared-work.js";
import { explainFailure, WRONG_ISSUER } from "./failures.js";
import type { OAuthOptions } from "./options.js";

/** What the token endpoint gave. It never leaves this room but as an `AccessToken`. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Seconds since the epoch, by the clock before the request. */
  readonly expiresAt: number | undefined;
  readonly scope: string | undefined;
}

/** One conversation with the issuer. */
export interface Call {
  /** In words, for messages. */
  readonly source: string;
  readonly signal?: AbortSignal | undefined;
  /** What is sent, beside the client's own secret, and must not come back in a message. */
  readonly secrets?: readonly string[] | undefined;
}

/** What a code flow remembers from its beginning to its end (RFC 7636, RFC 6749 10.12). */
export interface StartedCode {
  readonly url: URL;
  readonly state: string;
  readonly verifier: string;
}

export interface OAuthServer {
  /** Asks the token endpoint by any grant. */
  readonly grant: (type: string, parameters: URLSearchParams, call: Call) => Promise<TokenAnswer>;
  readonly startDevice: (parameters: URLSearchParams, call: Call) => Promise<DeviceAuthorizationResponse>;
  readonly startCode: (parameters: URLSearchParams, call: Call) => Promise<StartedCode>;
  readonly finishCode: (redirected: URL, started: StartedCode, call: Call) => Promise<TokenAnswer>;
  /** Whether the metadata offers a scope; false where they list none. */
  readonly offersScope: (scope: string, call: Call) => Promise<boolean>;
}

const METADATA_AGE = 3600; // seconds

/** Options must have been checked. */
export function oauthServer(options: OAuthOptions): OAuthServer {
  const { issuer, tokenEndpoint, clientId, allowInsecureIssuer = false, timeout = 10, clock = systemClock } = options;
  const ownHost = new URL(issuer ?? tokenEndpoint ?? "").hostname;
  const share = shareWork<ServerMetadata>();
  let kept: { readonly metadata: ServerMetadata; readonly at: number } | undefined;

  /** An issuer that may be http cannot send secrets to other hosts in the clear. */
  const allows = (url: URL): boolean =>
    url.protocol === "https:" ||
    (url.protocol === "http:" && allowInsecureIssuer && (isLoopback(url) || url.hostname === ownHost));
  const secretsOf = (call: Call): readonly (string | undefined)[] => [options.clientSecret, ...(call.secrets ?? [])];

  function fetchFor(call: Call): CustomFetch {
    const send = guardFetch({ ...call, fetch: options.fetch, timeout, allows, secrets: secretsOf(call) });
    return (url, { method, headers, body }) => send(url, { method, headers, body: body ?? null });
  }

  async function metadataFor(call: Call): Promise<ServerMetadata> {
    if (tokenEndpoint !== undefined) {
      return { issuer: issuer ?? new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint };
    }
    if (kept !== undefined && Math.abs(clock() - kept.at) < METADATA_AGE) return kept.metadata;
    const metadata = await share("", discoverInTime(call), call.signal);
    kept = { metadata, at: clock() };
    return metadata;
  }

  /** Both places together have the time of one answer: an issuer that is down is not waited for twice. */
  function discoverInTime(call: Call): (signal: AbortSignal) => Promise<ServerMetadata> {
    return (ended) => within({ seconds: timeout, signal: ended }, (signal) => discover({ ...call, signal }));
  }

  async function discover(call: Call): Promise<ServerMetadata> {
    const found = await firstThatAnswers(["oidc", "oauth2"] as const, async (algorithm) => {
      const execute = allowInsecureIssuer ? [allowInsecureRequests] : [];
      const settings = { algorithm, execute, [customFetch]: fetchFor(call) };
      return (await discovery(new URL(issuer ?? ""), clientId, undefined, None(), settings)).serverMetadata();
    });
    if (found.issuer === issuer) return found;
    const { source } = call; // the library takes https://a and https://a/ for one
    throw new TokenError("refused", `${source}: ${WRONG_ISSUER}`, { source });
  }

  async function ask<T>(call: Call, talk: (configuration: Configuration) => Promise<T>): Promise<T> {
    try {
      const metadata = await metadataFor(call);
      const configuration = new Configuration(metadata, clientId, undefined, authentication(options, metadata));
      if (allowInsecureIssuer) allowInsecureRequests(configuration);
      configuration[customFetch] = fetchFor(call);
      return await talk(configuration);
    } catch (error) {
      throw await explainFailure(error, { ...call, secrets: secretsOf(call) });
    }
  }

  function answerOf(answer: Awaited<ReturnType<typeof genericGrantRequest>>, asked: number): TokenAnswer {
    const { access_token, refresh_token, expires_in, scope } = answer;
    const expiresAt = expires_in === undefined ? undefined : asked + expires_in;
    return { accessToken: access_token, refreshToken: refresh_token, expiresAt, scope };
  }

  return {
    grant: (type, parameters, call) =>
      ask(call, async (configuration) => {
        const asked = clock();
        return answerOf(await genericGrantRequest(configuration, type, parameters), asked);
      }),
    startDevice: (parameters, call) =>
      ask(call, (configuration) => initiateDeviceAuthorization(configuration, parameters)),
    startCode: (parameters, call) =>
      ask(call, async (configuration) => {
        const [state, verifier] = [randomState(), randomPKCECodeVerifier()];
        parameters.set("state", state);
        parameters.set("code_challenge", await calculatePKCECodeChallenge(verifier));
        parameters.set("code_challenge_method", "S256");
        return { url: buildAuthorizationUrl(configuration, parameters), state, verifier };
      }),
    finishCode: (redirected, { state, verifier }, call) =>
      ask(call, async (configuration) => {
        const asked = clock();
        const checks = { expectedState: state, pkceCodeVerifier: verifier };
        return answerOf(await authorizationCodeGrant(configuration, redirected, checks), asked);
      }),
    offersScope: (scope, call) =>
      ask(call, async (configuration) => configuration.serverMetadata().scopes_supported?.includes(scope) === true),
  };
}

/** Rule I3: any answer but a valid document sends on to the next place; the first failure is the one that is told. */
async function firstThatAnswers<A, T>(places: readonly A[], look: (place: A) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  for (const place of places) {
    try {
      return await look(place);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

/** RFC 8414 2: metadata that name no method mean Basic. */
function authentication({ clientSecret, clientAuthentication }: OAuthOptions, metadata: ServerMetadata): ClientAuth {
  if (clientSecret === undefined || clientAuthentication === "none") return None();
  const offered = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const posts = offered.includes("client_secret_post") && !offered.includes("client_secret_basic");
  const method = clientAuthentication ?? (posts ? "client_secret_post" : "client_secret_basic");
  return method === "client_secret_post" ? ClientSecretPost(clientSecret) : basicAuthentication(clientSecret);
}

/**
 * RFC 6749 2.3.1 and Appendix B, no more: the library encodes `-`, `_` and `.` as well, and servers that decode nothing (not few)
 * then know neither a UUID nor a base64url secret.
 */
function basicAuthentication(secret: string): ClientAuth {
  const encoded = (text: string): string => new URLSearchParams({ x: text }).toString().slice(2);
  return (_, client, __, headers) => {
    const credentials = `${encoded(client.client_id)}:${encoded(secret)}`;
    headers.set("authorization", `Basic ${Buffer.from(credentials).toString("base64")}`);
  };
}
