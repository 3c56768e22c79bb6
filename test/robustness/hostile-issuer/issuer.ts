// An issuer on loopback whose metadata or keys are hostile, and good elsewhere; tokens of it, and of a good neighbour.
import { readFileSync } from "node:fs";
import { signToken, testKey } from "../../support/sign.js";
import type { TestKey } from "../../support/sign.js";
import { json } from "./http.js";
import { startSite } from "./site.js";
import type { Certificate, Site } from "./site.js";
import type { Step } from "./steps.js";

export const AUDIENCE = "https://data.example.org";
export const NEIGHBOUR = "https://neighbour.example.org";

export const key: TestKey = testKey("ES256", "k1");
export const neighbourKey: TestKey = testKey("ES256", "n1");

/** What a behaviour is told of the issuer that plays it. */
export interface Place {
  readonly issuer: string;
  /** Another server, which serves good keys everywhere; whoever is led there is seen. */
  readonly elsewhere: Site;
}

export interface Hostility {
  /** In place of the metadata, at both addresses. */
  readonly metadata?: ((place: Place) => readonly Step[]) | undefined;
  /** In place of the key set. */
  readonly keys?: ((place: Place) => readonly Step[]) | undefined;
  /** Of an https issuer. */
  readonly certificate?: Certificate | undefined;
  /** What an https issuer that speaks no TLS says to whoever connects. */
  readonly greeting?: readonly Step[] | undefined;
}

export interface HostileIssuer {
  readonly issuer: string;
  readonly site: Site;
  readonly elsewhere: Site;
  close(): Promise<void>;
}

export async function startIssuer({ metadata, keys, certificate, greeting }: Hostility): Promise<HostileIssuer> {
  // The same scheme, so that it is not the scheme that keeps anybody from going there.
  const elsewhere = await startSite(() => json({ keys: [key.jwk] }), { certificate });
  const site = await startSite(
    (target, { origin: issuer }) => {
      const place = { issuer, elsewhere };
      if (target.startsWith("/.well-known/")) {
        return metadata?.(place) ?? json({ issuer, jwks_uri: `${issuer}/keys` });
      }
      // Whatever else is asked for has good keys: who follows a redirect finds them, and is seen.
      return (target === "/keys" ? keys?.(place) : undefined) ?? json({ keys: [key.jwk] });
    },
    { certificate, greeting },
  );
  return {
    issuer: greeting === undefined ? site.origin : site.origin.replace("http:", "https:"),
    site,
    elsewhere,
    close: async () => void (await Promise.all([site.close(), elsewhere.close()])),
  };
}

export function tokenOf(iss: string, signer: TestKey = key, header: Readonly<Record<string, unknown>> = {}): string {
  return signToken(signer, claimsOf(iss), { alg: signer.alg, kid: signer.kid, ...header });
}

/** The claims of a good token that nobody has seen. */
export function claimsOf(iss: string): Readonly<Record<string, unknown>> {
  const now = Math.floor(Date.now() / 1000);
  const jti = crypto.randomUUID();
  return { iss, aud: AUDIENCE, ver: "scitoken:2.0", scope: "read:/", jti, iat: now, nbf: now, exp: now + 600 };
}

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/tls/hostile/${name}.pem`, import.meta.url), "utf8");

export const AUTHORITY: URL = new URL("../../fixtures/tls/hostile/authority.pem", import.meta.url);

export function certificateOf(name: "good" | "expired" | "not-yet-valid" | "wrong-host" | "self-signed"): Certificate {
  if (name !== "self-signed") return { cert: fixture(name), key: fixture("key") };
  return { cert: fixture("../certificate"), key: fixture("../key") };
}
