// Tokens of ours at PyJWT, and PyJWT's at our enforcer: the same keys, another library for signatures and JWKs. Interop 2.
import { createEnforcer } from "@scitokens/core";
import { createSigningKey, createToken } from "@scitokens/issuer";
import { describe, expect, it } from "vitest";
import { need } from "./software.js";
import { AUDIENCE, ISSUER } from "./token-forms.js";
import { openWorkshop } from "./workshop.js";

const needed = need("python3-jwt", "python3-cryptography");

const VERIFY = `
import json, jwt, sys
given = json.load(sys.stdin)
key = jwt.PyJWK(given["jwk"]).key
print(json.dumps(jwt.decode(given["token"], key, algorithms=[given["alg"]], audience=given["aud"], issuer=given["iss"])))
`;

const SIGN = `
import json, jwt, sys
given = json.load(sys.stdin)
print(jwt.encode(given["claims"], given["pem"], algorithm=given["alg"], headers=given["headers"]))
`;

const ALGORITHMS = ["ES256", "RS256", "ES384", "PS256"] as const;

describe.skipIf(needed.isMissing)(`PyJWT (${needed.words})`, () => {
  const workshop = openWorkshop();

  const python = async (script: string, given: object): Promise<string> => {
    const input = JSON.stringify(given);
    const { code, stdout, stderr } = await workshop.run("/usr/bin/python3", ["-I", "-c", script], { input });
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };

  it.each(ALGORITHMS)("takes tokens of ours, with our JWK: %s", async (alg) => {
    const key = await createSigningKey({ alg });
    const token = await createToken({ sub: "ada", aud: AUDIENCE, scope: "read:/store" }, { key, issuer: ISSUER });
    const given = { token, jwk: key.publicJwk, alg, aud: AUDIENCE, iss: ISSUER };
    expect(JSON.parse(await python(VERIFY, given))).toMatchObject({ sub: "ada", scope: "read:/store" });
    await expect(python(VERIFY, { ...given, aud: "https://other.example" })).rejects.toThrow("InvalidAudience");
    const forged = `${token.slice(0, -8)}AAAAAAAA`;
    await expect(python(VERIFY, { ...given, token: forged })).rejects.toThrow("InvalidSignature");
  });

  it.each([
    ["ES256", "sec1"],
    ["ES384", "pkcs8"],
    ["RS256", "pkcs1"],
    ["PS256", "pkcs8"],
  ] as const)("makes tokens that our enforcer takes: %s, with our key in %s (T1, P2)", async (alg, type) => {
    const key = await createSigningKey({ alg });
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, nbf: now, exp: now + 600 };
    const claims = { iss: ISSUER, sub: "ada", aud: AUDIENCE, ver: "scitoken:2.0", scope: "read:/store", ...times };
    const pem = key.privateKey.export({ type, format: "pem" });
    const token = await python(SIGN, { claims, pem, alg, headers: { kid: key.kid } });
    const issuer = { issuer: ISSUER, jwks: { keys: [key.publicJwk] }, algorithms: [alg] };
    const { allowed } = await createEnforcer({ issuer, audience: AUDIENCE }).explain(token, "read", "/store/run7");
    expect(allowed).toBe(true);
  });
});
