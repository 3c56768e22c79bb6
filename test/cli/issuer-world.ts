// A world with one issuer in it, for commands that verify: its network, its key, and tokens that are good but for a change.
import { createNetwork, publish } from "../support/scripted-issuer.js";
import type { Network } from "../support/scripted-issuer.js";
import { signToken, testKey } from "../support/sign.js";
import type { TestKey } from "../support/sign.js";
import { NOW, runCli } from "./run-cli.js";
import type { Result, World } from "./run-cli.js";

export const ISSUER = "https://issuer.example.org";
export const AUDIENCE = "https://data.example.org";
export const TRUST: readonly string[] = ["--issuer", ISSUER, "--audience", AUDIENCE, "--no-key-cache"];

export const key: TestKey = testKey("ES256", "key-2026");

type Members = Readonly<Record<string, unknown>>;

/** A SciToken of 2.0 that reads /store, good for ten minutes; a change to `undefined` leaves a claim out. */
export function tokenWith(changes: Members = {}, header: Members = {}, signer: TestKey = key): string {
  const good = { iss: ISSUER, sub: "alice", aud: AUDIENCE, ver: "scitoken:2.0", scope: "read:/store" };
  const times = { iat: NOW - 60, nbf: NOW - 60, exp: NOW + 600 };
  return signToken(
    signer,
    { ...good, ...times, ...changes },
    { alg: signer.alg, kid: signer.kid, typ: "JWT", ...header },
  );
}

/** A WLCG token; it has no `ver`. */
export const wlcgToken = (changes: Members = {}): string =>
  tokenWith({ ver: undefined, "wlcg.ver": "1.0", scope: "storage.read:/store", ...changes });

/** A network on which the issuer answers. */
export function issuerNetwork(): Network {
  const network = createNetwork();
  publish(network, [key]);
  return network;
}

/** Runs a command beside the issuer, with this token in BEARER_TOKEN. */
export function runBesideIssuer(argv: readonly string[], token: string, world: World = {}): Promise<Result> {
  return runCli(argv, { fetch: issuerNetwork().fetch, ...world, env: { BEARER_TOKEN: token, ...world.env } });
}
