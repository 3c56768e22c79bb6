// A person logs in at Vault in a browser, once; Vault keeps the refresh token. As htgettoken does it, interop 9.
import { randomBytes } from "node:crypto";
import { systemClock } from "../base/clock.js";
import { DeadlineError, wait, within } from "../base/deadline.js";
import { TokenError } from "../base/errors.js";
import { checkFunction, checkSeconds } from "../base/option-checks.js";
import { printable } from "../base/printable.js";
import { asObject } from "../base/read-object.js";
import { askVault, errorsOf } from "./ask-vault.js";
import type { VaultAccess, VaultAnswer } from "./ask-vault.js";
import { isCredkey } from "./files.js";
import { checkVaultOptions } from "./options.js";
import type { VaultOptions } from "./options.js";
import { readLogin, refreshTokenOf } from "./vault-login.js";
import type { VaultLogin } from "./vault-login.js";

/** What a person must be shown. */
export interface VaultPrompt {
  /** The page to open. */
  readonly url: string;
  /** The code to type there, where the issuer asks for one. */
  readonly userCode: string | undefined;
}

/** Options of `vaultLogin`. */
export interface VaultLoginOptions extends VaultOptions {
  /** Shows a person where to log in. */
  readonly onPrompt: (prompt: VaultPrompt) => void | Promise<void>;
  /** The name to store the credentials under. Default: the one that Vault tells. */
  readonly credkey?: string | undefined;
  /** Seconds that the vault token may live. Default 7 days. */
  readonly lifetime?: number | undefined;
  /** Seconds that a person has. Default 120. */
  readonly loginTimeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const WEEK = 604_800; // seconds
const INTERVAL = 5; // seconds between two questions, where Vault names none
const LONGEST = 60; // seconds between two questions when Vault cannot be reached

/**
 * Logs a person in at Vault by OpenID Connect, and has Vault keep the refresh token, as `htgettoken` does.
 *
 * Times are in seconds: the vault token lives 7 days, a person has 120 s.
 * @throws {TypeError} for a wrong option; {TokenError} `refused` by Vault or the issuer, `interaction_needed` when nobody logs in
 * in time, `unreachable`
 * @example
 * const login = await vaultLogin({ address: "htvault.example", issuer: "dune", onPrompt: ({ url }) => console.log(`Open ${url}`) });
 * await writeVaultTokenFile(login.vaultToken);
 * await writeCredkey(login.credkey, { issuer: "dune", role: "default" });
 */
export async function vaultLogin(options: VaultLoginOptions): Promise<VaultLogin> {
  const where = "vaultLogin";
  const own = ["onPrompt", "credkey", "lifetime", "loginTimeout", "signal"];
  const place = checkVaultOptions(where, options, own);
  const { onPrompt, lifetime = WEEK, loginTimeout = 120, signal, clock = systemClock } = options;
  if (onPrompt === undefined) throw new TypeError(`${where}: onPrompt must be a function that shows the page`);
  checkFunction(where, "onPrompt", onPrompt);
  checkSeconds(where, "lifetime", options.lifetime);
  checkSeconds(where, "loginTimeout", options.loginTimeout);
  if (options.credkey !== undefined && !isCredkey(options.credkey)) {
    throw new TypeError(`${where}: credkey must be a name in Vault`);
  }
  const access: VaultAccess = { ...place, fetch: options.fetch, timeout: options.timeout };
  const started = await start(access, signal);
  await onPrompt({ url: started.url, userCode: started.userCode });
  const answer = await within({ seconds: loginTimeout, signal }, (ended) => poll(access, started, ended)).catch(
    (error: unknown) => {
      if (!(error instanceof DeadlineError)) throw error;
      const sentence = `${place.source}: nobody logged in within ${loginTimeout} s`;
      throw new TokenError("interaction_needed", sentence, { source: place.source });
    },
  );
  const login = await readLogin(answer, { access, lifetime, now: clock(), signal });
  const credkey = options.credkey ?? login.credkey;
  const refreshToken = refreshTokenOf(answer);
  if (credkey === undefined || refreshToken === undefined) return login;
  await askVault(access, {
    path: `secret/oauth/creds/${place.issuer}/${credkey}:${place.role}`,
    headers: { "X-Vault-Token": login.vaultToken },
    body: { server: place.issuer, refresh_token: refreshToken },
    secrets: [login.vaultToken, refreshToken],
    signal,
  });
  return login;
}

interface Started {
  readonly url: string;
  readonly userCode: string | undefined;
  /** What Vault wants to see again. */
  readonly state: string;
  readonly nonce: string;
  /** Seconds. */
  readonly interval: number;
}

async function start(access: VaultAccess, signal: AbortSignal | undefined): Promise<Started> {
  const { source, issuer, role, address } = access;
  const nonce = randomBytes(32).toString("base64url");
  const path = `auth/oidc-${issuer}/oidc`;
  const { data } = await askVault(access, {
    path: `${path}/auth_url`,
    body: { role, client_nonce: nonce, redirect_uri: `${address.origin}/v1/${path}/callback` },
    secrets: [nonce],
    signal,
  });
  const { auth_url: page, user_code: code, state, poll_interval: interval } = asObject(data) ?? {};
  const url = typeof page === "string" && URL.canParse(page) ? new URL(page) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TokenError("refused", `${source}: no page to log in at; are issuer and role right?`, { source });
  }
  if (typeof state !== "string" || state === "") {
    throw new TokenError("refused", `${source}: this Vault's way to log in is too old (no state to ask by)`, {
      source,
    });
  }
  const userCode = printable(code);
  return { url: url.href, userCode: userCode === "" ? undefined : userCode, state, nonce, interval: seconds(interval) };
}

/**
 * Vault answers 400 until the person is done; slow_down doubles the pause, as in htgettoken. So does a question that is not
 * answered: a person who is logging in need not begin again for it.
 */
async function poll(access: VaultAccess, started: Started, signal: AbortSignal): Promise<VaultAnswer> {
  const { source, issuer } = access;
  const { state, nonce } = started;
  for (let pause = started.interval; ;) {
    await wait(pause, signal);
    const answer = await askVault(access, {
      path: `auth/oidc-${issuer}/oidc/poll`,
      body: { state, client_nonce: nonce },
      accepts: [400],
      secrets: [nonce, state],
      signal,
    }).catch((error: unknown) => {
      if (!(error instanceof TokenError && error.code === "unreachable")) throw error;
      pause = Math.max(pause, Math.min(pause * 2, LONGEST));
      return { errors: ["authorization_pending"] };
    });
    if (!("errors" in answer)) return answer;
    const [error = "an error"] = errorsOf(answer);
    if (error === "slow_down") pause *= 2;
    else if (error !== "authorization_pending") {
      throw new TokenError("refused", `${source}: the login failed (${printable(error, [nonce, state])})`, { source });
    }
  }
}

/** Vault writes it as a number or as text. */
function seconds(value: unknown): number {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && number > 0 && number <= 600 ? number : INTERVAL;
}
