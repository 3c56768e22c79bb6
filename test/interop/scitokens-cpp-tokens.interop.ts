// Tokens of ours at Debian's scitokens-verify and scitokens-test-access, and tokens of its scitokens-create at our
// enforcer. Interop 1, 2, 11 and 12.
import { createPublicKey } from "node:crypto";
import { createEnforcer } from "@scitokens/core";
import { importSigningKey } from "@scitokens/issuer";
import { beforeAll, describe, expect, it } from "vitest";
import { FORMS_JUDGED_OTHERWISE, idsOf, MEASURED } from "./judged-otherwise.js";
import { scitokensCpp } from "./scitokens-cpp.js";
import type { ScitokensCpp } from "./scitokens-cpp.js";
import { need, versionOf } from "./software.js";
import { AUDIENCE, FORMS, ISSUER, makeKeys, mint } from "./token-forms.js";
import type { Keys, TokenForm } from "./token-forms.js";
import { openWorkshop } from "./workshop.js";

const needed = need("scitokens-cpp", "sqlite3");

const enforcerOf = ({ elliptic, rsa }: Keys) =>
  createEnforcer({
    issuer: { issuer: ISSUER, jwks: { keys: [elliptic.publicJwk, rsa.publicJwk] } },
    audience: AUDIENCE,
  });

describe.skipIf(needed.isMissing)(`tokens of ours at scitokens-cpp (${needed.words})`, () => {
  const workshop = openWorkshop();
  const listed = new Set(FORMS_JUDGED_OTHERWISE.flatMap(({ rows }) => idsOf(rows)));
  let keys: Keys;
  let cpp: ScitokensCpp;
  let judged: readonly (TokenForm & { readonly ours: boolean; readonly theirs: boolean })[] = [];

  beforeAll(async () => {
    keys = await makeKeys();
    const { elliptic, rsa } = keys;
    cpp = await scitokensCpp(workshop, {
      issuer: ISSUER,
      audience: AUDIENCE,
      keys: [elliptic.publicJwk, rsa.publicJwk],
    });
    const enforcer = enforcerOf(keys);
    const tokens = await Promise.all(FORMS.map((form) => mint(form, keys)));
    const theirs = await cpp.grants(tokens.map((token) => ({ token, authz: "read", path: "/store" })));
    const ours = await Promise.all(tokens.map((token) => enforcer.explain(token, "read", "/store")));
    judged = FORMS.map((form, i) => ({ ...form, ours: ours[i]?.allowed ?? false, theirs: theirs[i] ?? false }));
  });

  it.each(["scitokens-1", "scitokens-2", "wlcg"] as const)("are verified, of profile %s (P2, P3)", async (profile) => {
    for (const change of ["nothing", "signed with RSA"]) {
      expect(await cpp.verifies(await mint({ id: "", profile, change }, keys))).toBe(true);
    }
    expect(await cpp.verifies(await mint({ id: "", profile, change: "signed by another key" }, keys))).toBe(false);
  });

  it(`get our enforcer's verdict in ${FORMS.length - listed.size} forms (C1, C2, C3, C5, I1, I10)`, () => {
    const differing = judged.filter(({ ours, theirs }) => ours !== theirs);
    expect(differing.filter(({ id }) => !listed.has(id))).toEqual([]);
  });

  const isMeasured = versionOf("scitokens-cpp")?.startsWith(MEASURED["scitokens-cpp"]) === true;
  it.skipIf(!isMeasured).each(FORMS_JUDGED_OTHERWISE)(
    `are judged otherwise by ${MEASURED["scitokens-cpp"]}: $about ($rule)`,
    ({ rows }) => {
      const differing = judged.filter(({ ours, theirs }) => ours !== theirs).map(({ id }) => id);
      expect(idsOf(rows).filter((id) => !differing.includes(id))).toEqual([]);
    },
  );
});

describe.skipIf(needed.isMissing)(`tokens of scitokens-create at our enforcer (${needed.words})`, () => {
  const workshop = openWorkshop();
  let keys: Keys;
  let cpp: ScitokensCpp;

  beforeAll(async () => {
    keys = await makeKeys();
    cpp = await scitokensCpp(workshop, { issuer: ISSUER, audience: AUDIENCE, keys: [keys.elliptic.publicJwk] });
  });

  /** By scitokens-create, which signs with ES256 alone, with our key in one of the forms that PEM has for it. */
  async function created(pem: "sec1" | "pkcs8", profile: string, claims: readonly string[]): Promise<string> {
    const { kid, privateKey, publicJwk } = keys.elliptic;
    const text = privateKey.export({ type: pem, format: "pem" }).toString();
    const publicKey = (await importSigningKey(text)).publicJwk;
    expect(publicKey).toEqual({ ...publicJwk, kid: publicKey.kid });
    const key = workshop.write(`keys/${pem}.pem`, text);
    const cred = workshop.write("keys/public.pem", publicPem());
    const args = ["--key", key, "--cred", cred, "--keyid", kid, "--issuer", ISSUER];
    if (profile !== "") args.push("--profile", profile);
    args.push(...claims.flatMap((claim) => ["--claim", claim]));
    const { stdout, code } = await workshop.run("scitokens-create", args);
    expect(code).toBe(0);
    return stdout.trim();
  }

  const publicPem = (): string => {
    const { publicJwk } = keys.elliptic;
    return createPublicKey({ key: { ...publicJwk }, format: "jwk" })
      .export({ type: "spki", format: "pem" })
      .toString();
  };

  it.each([
    { pem: "sec1", name: "scitokens2", aud: AUDIENCE, profile: "scitokens-2" },
    { pem: "pkcs8", name: "scitokens2", aud: AUDIENCE, profile: "scitokens-2" },
    { pem: "pkcs8", name: "scitokens2", aud: "", profile: "scitokens-2" },
    { pem: "pkcs8", name: "scitokens1", aud: AUDIENCE, profile: "scitokens-1" },
    { pem: "pkcs8", name: "", aud: AUDIENCE, profile: "scitokens-1" },
    { pem: "sec1", name: "wlcg", aud: AUDIENCE, profile: "wlcg" },
    { pem: "pkcs8", name: "wlcg", aud: "", profile: "wlcg" },
  ] as const)("are good: key in $pem, profile $name, audience $aud (C6, P1, P2, P3)", async (made) => {
    const scope =
      made.name === "wlcg" ? "storage.read:/store storage.modify:/store/ada" : "read:/store write:/store/ada";
    // Where no audience is given, scitokens-create writes the profile's own word for any.
    const claims = ["sub=ada", `scope=${scope}`, ...(made.aud === "" ? [] : [`aud=${made.aud}`])];
    const raw = await created(made.pem, made.name, claims);
    const enforcer = enforcerOf(keys);
    const token = await enforcer.verify(raw);
    expect(token).toMatchObject({ profile: made.profile, subject: "ada", issuer: ISSUER });
    const questions = [
      ["read", "/store"],
      ["read", "/store/cms/f.root"],
      ["read", "/"],
      ["write", "/store/ada/f.root"],
      ["write", "/store"],
      ["write", "/store/bob"],
    ] as const;
    const theirs = await cpp.grants(questions.map(([authz, path]) => ({ token: raw, authz, path })));
    expect(questions.map(([authz, path]) => enforcer.test(token, authz, path))).toEqual(theirs);
    expect(theirs).toEqual([true, true, false, true, false, false]);
  });

  it("are refused where they are for another server (C5)", async () => {
    const raw = await created("pkcs8", "scitokens2", ["aud=https://other.example", "scope=read:/store"]);
    await expect(enforcerOf(keys).verify(raw)).rejects.toMatchObject({ code: "invalid_token", reason: "audience" });
    expect(await cpp.grants([{ token: raw, authz: "read", path: "/store" }])).toEqual([false]);
  });
});
