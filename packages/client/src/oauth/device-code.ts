// Tokens for a program without a browser: a person confirms in one elsewhere. RFC 8628.
import { wait, within } from "../base/deadline.js";
import { TokenError } from "../base/errors.js";
import { checkFunction } from "../base/option-checks.js";
import { printable } from "../base/printable.js";
import type { TokenSource } from "../base/token-source.js";
import { askOnce, checkLoginOptions, LOGIN_OPTION_NAMES } from "./ask-once.js";
import type { LoginOptions } from "./ask-once.js";
import { OAuthError } from "./failures.js";
import { checkOAuthOptions } from "./options.js";
import { targetParameters, tokenParameters } from "./parameters.js";
import type { Call, OAuthServer, TokenAnswer } from "./server.js";

/** What a person must be shown. */
export interface DevicePrompt {
  /** The page to open. */
  readonly verificationUri: string;
  /** The page with the code filled in, for a link or a QR code; not every issuer has it. */
  readonly verificationUriComplete: string | undefined;
  /** The code to type there. */
  readonly userCode: string;
  /** Seconds until the code is no longer good. */
  readonly expiresIn: number;
}

/** Options of `deviceCode`. */
export interface DeviceCodeOptions extends LoginOptions {
  /** Shows a person where to confirm, and the code. */
  readonly onPrompt: (prompt: DevicePrompt) => void | Promise<void>;
}

const GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const INTERVAL = 5; // seconds, where the issuer names none (RFC 8628 3.2)
const SHORTEST = 1; // second, whatever the issuer says: nobody confirms faster
const SLOWER = 5; // seconds more after each slow_down (3.5)
const LONGEST = 60; // seconds between two questions when the issuer cannot be reached

/**
 * Gets tokens that a person confirms in a browser (RFC 8628), and by the refresh token from then on: a person is asked once.
 *
 * Give the widest `scope` in the options: it is what the person confirms, and `token({ scope })` narrows it. Without a refresh
 * token from the issuer a person is asked again when the token ends. `timeout` is in seconds, default 10, for one answer.
 * @throws {TypeError} for a wrong option; `token()` throws a TokenError: `refused` when the person says no, `interaction_needed`
 * when nobody answers in time
 * @example
 * const source = deviceCode({
 *   issuer: "https://issuer.example", clientId: "cli", scope: "read:/store write:/store/alice",
 *   onPrompt: ({ verificationUri, userCode }) => console.log(`Open ${verificationUri} and enter ${userCode}`),
 * });
 */
export function deviceCode(options: DeviceCodeOptions): TokenSource {
  checkOAuthOptions("deviceCode", options, [...LOGIN_OPTION_NAMES, "onPrompt"]);
  if (options.onPrompt === undefined)
    throw new TypeError("deviceCode: onPrompt must be a function that shows the code");
  checkFunction("deviceCode", "onPrompt", options.onPrompt);
  checkLoginOptions("deviceCode", options);
  const { audienceStyle = "space-separated", onPrompt } = options;
  return askOnce("device code", options, async (server, request, call) => {
    const device = await server.startDevice(tokenParameters(request, audienceStyle), call);
    const { verification_uri, verification_uri_complete, user_code, expires_in, interval = INTERVAL } = device;
    await onPrompt({
      verificationUri: shown(verification_uri, call),
      verificationUriComplete:
        verification_uri_complete === undefined ? undefined : shown(verification_uri_complete, call),
      userCode: printable(user_code),
      expiresIn: expires_in,
    });
    const parameters = targetParameters(request, audienceStyle);
    parameters.set("device_code", device.device_code);
    const timeToAnswer = Math.min(expires_in, 86_400);
    return within({ seconds: timeToAnswer, signal: call.signal }, (signal) =>
      poll(server, {
        parameters,
        interval: Math.min(Math.max(interval, SHORTEST), timeToAnswer),
        call: { ...call, signal, secrets: [device.device_code] },
      }),
    ).catch((error: unknown) => {
      if (!(error instanceof Error && error.name === "DeadlineError")) throw error;
      const sentence = `${call.source}: nobody confirmed within ${timeToAnswer} s`;
      throw new TokenError("interaction_needed", sentence, { source: call.source });
    });
  });
}

interface Poll {
  readonly parameters: URLSearchParams;
  readonly interval: number;
  readonly call: Call;
}

/** RFC 8628 3.5: go on while it is pending, slower when told so, and slower when the issuer cannot be reached. */
async function poll(server: OAuthServer, { parameters, interval, call }: Poll): Promise<TokenAnswer> {
  for (let pause = interval; ;) {
    await wait(pause, call.signal);
    try {
      return await server.grant(GRANT, new URLSearchParams(parameters), call);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      const said = error instanceof OAuthError ? error.error : "";
      if (said === "slow_down") pause += SLOWER;
      else if (error.code === "unreachable") pause = Math.max(pause, Math.min(pause * 2, LONGEST));
      else if (said !== "authorization_pending") throw error;
    }
  }
}

/** A page that a person is sent to: a whole web address, and nothing else. */
function shown(uri: string, { source }: Call): string {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.href;
  throw new TokenError("refused", `${source}: the page to confirm at is no web address`, { source });
}
