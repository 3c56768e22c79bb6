// Challenges out of any realm, scope, place and value of a request: an answer that HTTP takes, or an error at start. H3, H4.
import { createEnforcer } from "@scitokens/core";
import { authorizeRequest, createProtection, scope } from "@scitokens/core/http";
import { signToken, testKey } from "../../support/sign.js";
import { faultsOf } from "../fuzz/challenge-form.js";

const NOW = 1_790_000_000;
const key = testKey("ES256", "key-1");
const issuer = "https://issuer.example.org";
const enforcer = createEnforcer({ issuer: { issuer, jwks: { keys: [key.jwk] } }, audience: null, clock: () => NOW });
const raw = signToken(key, { iss: issuer, iat: NOW, nbf: NOW, exp: NOW + 600, scope: "nothing" });

/** Realm, scope, metadata's place, a value of the request, and its id. */
export const seeds: readonly string[] = [
  "the store\nread:/data\nhttps://data.example.org/m\nrun 1\nid-1",
  "a\nqueue\n\n..\n",
  "r\nwrite:/%22\nhttps://\xfc.example.org/\na/b\n\r",
];
export const words: readonly string[] = [
  '"',
  "\\",
  "\r",
  "\0",
  "%22",
  "%0d%0a",
  "read:/",
  "https://",
  "\xc3\xa9",
  "\x7f",
  "..",
  "%2e",
];

export async function run(input: Uint8Array): Promise<void> {
  const [realm = "", rule = "", place = "", value = "", requestId = ""] = Buffer.from(input).toString().split("\n");
  const metadata = place === "" ? {} : { resourceMetadata: place };
  for (const asked of [rule, () => scope`read:/x/${value}`]) {
    let protection;
    try {
      protection = createProtection<object>({ enforcer, realm, scope: asked, ...metadata });
    } catch (error) {
      if (error instanceof TypeError && /^(realm|scope|resourceMetadata)\b/.test(error.message)) continue;
      throw error;
    }
    for (const authorization of [[], [`Bearer ${raw}`], ["Bearer"], [`Bearer ${value}`]]) {
      const facts = { method: "GET", target: "/", authorization, request: {}, requestId };
      const decision = await authorizeRequest(facts, protection);
      if (decision.allowed) continue;
      const faults = faultsOf(decision.refusal);
      if (faults.length > 0) throw new Error(`the refusal: ${faults.join(", ")}`);
    }
  }
}
