// A real XRootD server lets our client in where our enforcer says so, and not elsewhere. Interop 4, rule R3.
import { AccessToken, authorizedFetch } from "@scitokens/client";
import type { TokenSource } from "@scitokens/client";
import { createEnforcer } from "@scitokens/core";
import type { Enforcer } from "@scitokens/core";
import { authorizeRequest, createProtection, fromRequest } from "@scitokens/core/http";
import { createToken } from "@scitokens/issuer";
import { beforeAll, describe, expect, it } from "vitest";
import { FORMS_JUDGED_OTHERWISE, idsOf, MEASURED, REQUESTS_JUDGED_OTHERWISE } from "./judged-otherwise.js";
import { need, versionOf } from "./software.js";
import { GRANTS, idOfRequest, REQUESTS } from "./storage-requests.js";
import type { Grant, StorageRequest } from "./storage-requests.js";
import { AUDIENCE, FORMS, ISSUER, makeKeys, mint } from "./token-forms.js";
import type { Keys } from "./token-forms.js";
import { trustingFetches } from "./trusting-fetch.js";
import { openWorkshop } from "./workshop.js";
import { startXRootD } from "./xrootd.js";
import type { XRootD } from "./xrootd.js";

const needed = need("xrootd-server", "xrootd-scitokens-plugins", "sqlite3");
const isMeasured = versionOf("xrootd-server")?.startsWith(MEASURED["xrootd-server"]) === true;

const ALL: Grant = { profile: "scitokens-2", scope: "read:/ write:/" };

/** The second is what authorizedFetch asks a token for: the server's own URL, without its port. */
const AUDIENCES = [AUDIENCE, "https://localhost"];

describe.skipIf(needed.isMissing)(`XRootD over HTTPS (${needed.words})`, () => {
  const workshop = openWorkshop();
  const fetches = trustingFetches();
  let keys: Keys;
  let enforcer: Enforcer;
  let server: XRootD;

  beforeAll(async () => {
    keys = await makeKeys();
    const jwks = { keys: [keys.elliptic.publicJwk, keys.rsa.publicJwk] };
    enforcer = createEnforcer({ issuer: { issuer: ISSUER, jwks }, audience: AUDIENCES });
    server = await startXRootD(workshop, { issuer: ISSUER, audience: AUDIENCES, ...jwks });
  });

  describe(`for ${GRANTS.length} tokens and ${REQUESTS.length} requests`, () => {
    const listed = new Set(REQUESTS_JUDGED_OTHERWISE.flatMap(({ rows }) => idsOf(rows)));
    let judged: readonly Judged[] = [];

    beforeAll(async () => {
      const tried: Judged[] = [];
      for (const grant of GRANTS) tried.push(...(await tryRequests(grant)));
      judged = tried;
    });

    it("lets requests in where fromRequest() does, and not elsewhere (R3, S4, S5)", () => {
      expect(compare(judged)).toEqual({
        differing: [],
        letIn: expect.toSatisfy((count) => Number(count) > 75),
        refused: expect.toSatisfy((count) => Number(count) > 125),
      });
    });

    const compare = (requests: readonly Judged[]): object => ({
      differing: requests.filter(({ id, ours, theirs }) => ours !== theirs && !listed.has(id)),
      letIn: requests.filter(({ ours, theirs }) => ours && theirs).length,
      refused: requests.filter(({ ours, theirs }) => !ours && !theirs).length,
    });

    it("stores what is sent, and changes nothing where it says no", () => {
      const puts = judged.filter(({ method }) => method === "PUT");
      expect(puts.filter(({ theirs, stored, body }) => theirs !== (stored === body))).toEqual([]);
    });

    it.skipIf(!isMeasured).each(REQUESTS_JUDGED_OTHERWISE)("judges otherwise: $about ($rule)", ({ rows }) => {
      const differing = judged.filter(({ ours, theirs }) => ours !== theirs).map(({ id }) => id);
      expect(idsOf(rows).filter((id) => !differing.includes(id))).toEqual([]);
    });
  });

  it("takes the forms of tokens that our enforcer takes (C1, C2, C3, C5, I1, I10)", async () => {
    const listed = FORMS_JUDGED_OTHERWISE.flatMap(({ rows }) => idsOf(rows));
    const judged = await Promise.all(
      FORMS.filter(({ id }) => !listed.includes(id)).map(async (form) => {
        const raw = await mint(form, keys);
        const { status } = await clientWith(raw)(`${server.url}/store/file`);
        const { allowed } = await enforcer.explain(raw, "read", "/store/file");
        return { ...form, status, allowed };
      }),
    );
    expect(judged.filter(({ status, allowed }) => status !== (allowed ? 200 : 403))).toEqual([]);
  });

  it.each(["", "Bearer garbage", "Bearer a.b.c", "Basic YTpi"])("refuses Authorization '%s'", async (value) => {
    const headers = value === "" ? {} : { Authorization: value };
    const answer = await fetches.packaged(`${server.url}/store/file`, { headers });
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining("permission denied")]);
  });

  describe.each(["builtIn", "packaged"] as const)("by the %s fetch of undici", (name) => {
    it("is sent headers in the letter case that it reads", async () => {
      const fetch = authorizedFetch(sourceOf(ALL), { fetch: fetches[name] });
      const part = await fetch(`${server.url}/store/file`, { headers: { Range: "bytes=0-1" } });
      expect([part.status, await part.text()]).toEqual([206, "of"]);
      const folder = await fetch(`${server.url}/store`, { method: "PROPFIND", headers: new Headers({ Depth: "1" }) });
      expect(await folder.text()).toContain("/store/ada");
    });

    it.each(["text", new TextEncoder().encode("text"), new Blob(["text"])])(
      "is sent a body in chunks: %o",
      async (body) => {
        server.reset();
        const fetch = authorizedFetch(sourceOf(ALL), { fetch: fetches[name], chunkedUploads: true });
        expect(await fetch(`${server.url}/store/new`, { method: "PUT", body })).toMatchObject({ ok: true });
        expect(server.read("/store/new")).toBe("text");
      },
    );
  });

  interface Judged extends Grant, StorageRequest {
    readonly id: string;
    readonly ours: boolean;
    readonly theirs: boolean;
    /** What the file holds afterwards. */
    readonly stored: string | undefined;
  }

  /** One after the other: each meets the tree as it was at the start. */
  async function tryRequests(grant: Grant): Promise<readonly Judged[]> {
    const source = sourceOf(grant);
    const fetch = authorizedFetch(source, { fetch: fetches.packaged, chunkedUploads: true });
    const raw = (await source.token({ audience: AUDIENCE })).value;
    const exists = (at: string): boolean => server.read(at) !== undefined;
    const protection = createProtection({ enforcer, scope: fromRequest({ exists }) });
    const judged: Judged[] = [];
    for (const request of REQUESTS) {
      const { method, path, body, headers = {} } = request;
      server.reset();
      const answer = await fetch(`${server.url}${path}`, { method, headers: { ...headers }, body: body ?? null });
      await answer.arrayBuffer();
      if (!answer.ok && answer.status !== 403) throw new Error(`${method} ${path}: ${answer.status}`);
      const stored = server.read(path);
      server.reset();
      const header = (name: string): readonly string[] => new Headers(headers).get(name)?.split("\n") ?? [];
      const facts = { method, target: path, authorization: [`Bearer ${raw}`], header, request: undefined };
      const { allowed: ours } = await authorizeRequest(facts, protection);
      const outcome = { ours, theirs: answer.ok, stored };
      judged.push({ ...grant, ...request, ...outcome, id: idOfRequest(grant, request) });
    }
    return judged;
  }

  /** An issuer for whoever asks: tokens with these rights, for the audience that is asked for. */
  const sourceOf = ({ profile, scope }: Grant): TokenSource => ({
    token: async ({ audience } = {}) => {
      const claims = { sub: "ada", aud: audience, scope };
      const raw = await createToken(claims, { key: keys.elliptic, issuer: ISSUER, profile });
      return new AccessToken(raw, { source: "the issuer of the test" });
    },
  });

  const clientWith = (raw: string): typeof globalThis.fetch => {
    const source = { token: () => Promise.resolve(new AccessToken(raw, { source: "the test" })) };
    return authorizedFetch(source, { fetch: fetches.packaged });
  };
});
