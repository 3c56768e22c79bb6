// A real oidc-agent gets an account and narrowed tokens from our issuer, and our client gets them through its socket. Then
// the whole way: issuer, agent, client, XRootD. Interop 8.
import { authorizedFetch, oidcAgent, oidcAgentAccounts } from "@scitokens/client";
import { createEnforcer } from "@scitokens/core";
import type { Enforcer } from "@scitokens/core";
import { startOAuthIssuer } from "@scitokens/issuer/oauth";
import type { OAuthIssuer } from "@scitokens/issuer/oauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CERTIFICATE, CERTIFICATE_KEY } from "./certificate.js";
import { startOidcAgent } from "./oidc-agent.js";
import type { Agent } from "./oidc-agent.js";
import { need } from "./software.js";
import { AUDIENCE } from "./token-forms.js";
import { trustingFetches } from "./trusting-fetch.js";
import { openWorkshop } from "./workshop.js";
import { startXRootD } from "./xrootd.js";

const needed = need("oidc-agent-cli");
const xrootd = need("xrootd-server", "xrootd-scitokens-plugins", "sqlite3");

/** A registered client, with SciTokens' names of rights; a public one, with WLCG's. */
const ACCOUNTS = [
  { client: "registered", profile: "scitokens-2", path: "", args: [], read: "read", modify: "write" },
  {
    client: "public",
    profile: "wlcg",
    path: "/vo",
    args: ["--manual", "--client-id=demo", "--client-secret="],
    read: "storage.read",
    modify: "storage.modify",
  },
] as const;

describe.skipIf(needed.isMissing)(`oidc-agent (${needed.words})`, () => {
  describe.each(ACCOUNTS)("with a $client client, profile $profile", (account) => {
    const { profile, read, modify } = account;
    const workshop = openWorkshop();
    const fetches = trustingFetches();
    const ours = (): ReturnType<typeof oidcAgent> => oidcAgent({ account: "store", socket: agent.socket });
    let issuer: OAuthIssuer;
    let enforcer: Enforcer;
    let agent: Agent;

    beforeAll(async () => {
      const tls = { key: CERTIFICATE_KEY, cert: CERTIFICATE };
      issuer = await startOAuthIssuer({ approve: "everyone", profile, path: account.path, tls });
      const keys = { fetch: fetches.packaged };
      enforcer = createEnforcer({ issuer: issuer.issuer, audience: [AUDIENCE, "https://localhost"], keys });
      agent = await startOidcAgent(workshop);
      const scope = `openid profile offline_access ${read}:/store ${modify}:/store/alice`;
      const made = await agent.generate("store", issuer.issuer, [`--scope=${scope}`, ...account.args]);
      if (made.code !== 0) throw new Error(`oidc-gen: ${made.stderr}`);
    });
    afterAll(() => issuer.close());

    it("gets tokens with all that the account may have", async () => {
      const { stdout } = await agent.run("oidc-token", ["store"]);
      const token = await enforcer.verify(stdout.trim());
      expect(token).toMatchObject({ issuer: issuer.issuer, subject: "alice", profile });
      expect(granted(token)).toEqual({ readsBob: true, readsAlice: true, changesAlice: true, changesBob: false });
    });

    it("gets tokens with less, for one audience (C5, S4)", async () => {
      const { stdout } = await agent.run("oidc-token", ["store", `--scope=${read}:/store/alice`, `--aud=${AUDIENCE}`]);
      const token = await enforcer.verify(stdout.trim());
      expect(token).toMatchObject({ audience: [AUDIENCE], scopes: [`${read}:/store/alice`] });
      expect(granted(token)).toEqual({ readsBob: false, readsAlice: true, changesAlice: false, changesBob: false });
      const elsewhere = await agent.run("oidc-token", ["store", "--aud=https://other.example"]);
      await expect(enforcer.verify(elsewhere.stdout.trim())).rejects.toMatchObject({ reason: "audience" });
    });

    it.each([`${read}:/`, `${read}:/stored`, `${modify}:/store`, "storage.stage:/store"])(
      "gets none with more: %s (S4)",
      async (wider) => {
        const { code, stdout, stderr } = await agent.run("oidc-token", ["store", `--scope=${wider}`]);
        expect([code, stdout]).toEqual([1, ""]);
        expect(stderr).toContain("invalid_scope");
        await expect(ours().token({ scope: wider })).rejects.toMatchObject({ code: "refused" });
      },
    );

    it("gives our client the tokens that it asks for", async () => {
      expect(await oidcAgentAccounts({ socket: agent.socket })).toEqual(["store"]);
      const scopes = [`${read}:/store/alice`, `${modify}:/store/alice/run7`];
      const audience = [AUDIENCE, "https://localhost"];
      const narrow = await ours().token({ scope: scopes, audience });
      expect(await enforcer.verify(narrow.value)).toMatchObject({ audience, scopes });
      const byIssuer = await oidcAgent({ issuer: issuer.issuer, socket: agent.socket }).token();
      expect(granted(await enforcer.verify(byIssuer.value))).toMatchObject({ readsBob: true });
      const [first, second] = [await ours().token(), await ours().token({ fresh: true })];
      expect(second.value).not.toBe(first.value);
    });

    it("tells our client what is to be done when the account is not loaded", async () => {
      expect(await agent.run("oidc-add", ["--remove", "store"])).toMatchObject({ code: 0 });
      await expect(ours().token()).rejects.toMatchObject({ name: "TokenError", code: "interaction_needed" });
      expect(await oidcAgentAccounts({ socket: agent.socket })).toEqual([]);
      expect(await agent.run("oidc-add", ["--pw-env=ACCOUNT_PASSWORD", "store"])).toMatchObject({ code: 0 });
      expect(granted(await enforcer.verify((await ours().token()).value))).toMatchObject({ changesAlice: true });
    });

    it.skipIf(xrootd.isMissing)(`lets our client into XRootD (${xrootd.words})`, async () => {
      const keys = issuer.jwks.keys;
      const server = await startXRootD(workshop, { issuer: issuer.issuer, audience: ["https://localhost"], keys });
      const fetch = authorizedFetch(ours(), {
        fetch: fetches.packaged,
        chunkedUploads: true,
        scope: ({ pathname }, method) => `${method === "GET" ? read : modify}:${pathname}`,
      });
      const put = (path: string): Promise<Response> =>
        fetch(`${server.url}${path}`, { method: "PUT", body: "of Alice" });
      expect(await put("/store/alice/file")).toMatchObject({ status: 200 });
      expect(await (await fetch(`${server.url}/store/alice/file`)).text()).toBe("of Alice");
      expect(await (await fetch(`${server.url}/store/bob/file`)).text()).toBe("of Bob");
      // The agent asks the issuer, which gives no token for this: nothing is sent.
      await expect(put("/store/bob/file")).rejects.toMatchObject({ name: "TokenError", code: "refused" });
      expect(server.read("/store/bob/file")).toBe("of Bob");
    });

    const granted = (token: Awaited<ReturnType<Enforcer["verify"]>>) => ({
      readsBob: enforcer.test(token, "storage.read", "/store/bob/file"),
      readsAlice: enforcer.test(token, "storage.read", "/store/alice/file"),
      changesAlice: enforcer.test(token, "storage.modify", "/store/alice/file"),
      changesBob: enforcer.test(token, "storage.modify", "/store/bob/file"),
    });
  });
});
