// A whole decision: header and claims as they come, signed; a target and a rule. Allowed is what the models allow. R6, H3, H4.
import { createEnforcer } from "@scitokens/core";
import type { ProfileName } from "@scitokens/core";
import { authorizeRequest, createProtection, fromRequest } from "@scitokens/core/http";
import { encode, signBytes, testKey } from "../../support/sign.js";
import { faultsOf, repeated, saidByRequest } from "../fuzz/challenge-form.js";
import { profileOf } from "../fuzz/claims-model.js";
import { isSame, readObject, Refused } from "../fuzz/json-model.js";
import { isRefused, readTarget, write } from "../fuzz/path-model.js";
import { grants, readScope } from "../fuzz/scope-model.js";

const [NOW, ISSUER, AUDIENCE] = [1_790_000_000, "https://issuer.example.org", "https://data.example.org"];
const PROFILES: readonly ProfileName[] = ["scitokens-1", "scitokens-2", "wlcg", "at-jwt"];
const key = testKey("ES256", "key-1");
const enforcer = createEnforcer({
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
});
const protection = createProtection({ enforcer, scope: fromRequest() });
const server = {
  now: NOW,
  issuer: ISSUER,
  audience: [AUDIENCE],
  clockTolerance: 60,
  maxTokenLifetime: undefined,
  acceptAnyAudience: true,
  allowMissingAudience: false,
  profiles: PROFILES,
};

const HEADER = '{"alg":"ES256","kid":"key-1","typ":"JWT"}';
const TIMES = `"iat":${NOW},"nbf":${NOW},"exp":${NOW + 600}`;
const COMMON = `"iss":"${ISSUER}","aud":"${AUDIENCE}","sub":"canary-subject",${TIMES}`;

/** Target, header and payload, each in a line of its own. */
export const seeds: readonly string[] = [
  `/data/x?y\n${HEADER}\n{${COMMON},"scope":"read:/data"}`,
  `/data\n${HEADER}\n{${COMMON},"scope":"read:/d%61ta write:/","ver":"scitoken:2.0"}`,
  `/a%20b/\n${HEADER}\n{${COMMON},"scope":"storage.read:/","wlcg.ver":"1.0","wlcg.groups":["/cms"]}`,
  `/\n{"alg":"ES256","kid":"key-1","typ":"at+jwt"}\n{${COMMON},"client_id":"app","jti":"canary-id","scope":"read:/ queue"}`,
];
export const words: readonly string[] = [
  '"ver":"scitoken:2.0",',
  '"wlcg.ver":"1.0",',
  '"typ":"at+jwt"',
  '"aud":"ANY",',
  '"scope":"read:/"',
  "read:/",
  "storage.read:/",
  "storage.modify:/",
  '"cnf":{},',
  '"crit":[],',
  '"kid":"key-1",',
  '"exp":1e400,',
  '"exp":1790000001,',
  '"nbf":1790000060,',
  " ",
  "%2e%2e",
  "..",
  "%2F",
  "?",
  '"__proto__":1,',
  "null",
];

export async function run(input: Uint8Array): Promise<void> {
  const text = Buffer.from(input).toString("latin1");
  const [target = "", header = "", ...rest] = text.split("\n");
  const segments = [header, rest.join("\n")].map((one) => encode(Buffer.from(one, "latin1").toString()));
  const raw = `${segments.join(".")}.${signBytes(key, segments.join("."))}`;
  const facts = { method: "GET", target, authorization: [`Bearer ${raw}`], request: {}, requestId: "1" };
  const decision = await authorizeRequest(facts, protection);
  const allowed = isAllowed(
    target,
    Buffer.from(header, "latin1").toString(),
    Buffer.from(rest.join("\n"), "latin1").toString(),
  );
  if (decision.allowed !== allowed) throw new Error(`allowed: ${decision.allowed}, and by the models ${allowed}`);
  if (decision.allowed) return;
  const faults = [
    ...faultsOf(decision.refusal),
    ...repeated(decision.refusal, raw, [saidByRequest(target, ""), "scitokens insufficient_scope invalid_token"]),
  ];
  if (faults.length > 0) throw new Error(`the refusal: ${faults.join(", ")}`);
}

function isAllowed(target: string, header: string, payload: string): boolean {
  const [path, headerMembers, claims] = [readTarget(target), membersOf(header), membersOf(payload)];
  if (headerMembers === undefined || claims === undefined || isRefused(path)) return false;
  if (encode(header).length + encode(payload).length > 16_000) return false;
  const profile = profileOf(headerMembers, claims, server);
  if (profile === undefined) return false;
  const language = profile === "wlcg" ? "wlcg" : profile === "at-jwt" ? "plain" : "scitokens";
  const held = readScope(typeof claims["scope"] === "string" ? claims["scope"] : "", language) ?? [];
  return ["storage.read", "read"].some(
    (authz) => grants(held, { authz, path: write(path) }, { language, equivalence: true }) === true,
  );
}

function membersOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const model = readObject(text, "refuse");
    const parsed = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (!isSame(parsed, model)) throw new Error("the model reads otherwise than JavaScript");
    return parsed;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
