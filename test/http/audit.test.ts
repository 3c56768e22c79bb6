// The record of a decision: who, what, where; allowed by which scope, or refused why. Rules H6, S5, S7, S10.
import type { AllowedEvent, RefusedEvent, SciTokenEvent } from "@scitokens/core";
import { anyOf, authorizeRequest, createProtection, fromRequest, operation } from "@scitokens/core/http";
import type { ProtectOptions, RequestFacts } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { AUDIENCE, CANARY, ISSUER, key, NOW, scoped, tokenOf } from "../support/static-issuer.js";

type Recorded = Extract<SciTokenEvent, AllowedEvent | RefusedEvent>;

/** The one event of a request. */
async function record(
  raw: string,
  facts: Partial<RequestFacts>,
  more: Partial<ProtectOptions> = { scope: fromRequest({ exists: (path) => path.endsWith("old") }) },
): Promise<Recorded | undefined> {
  const events: SciTokenEvent[] = [];
  const protection = createProtection({
    issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] }, basePath: "/area" },
    audience: AUDIENCE,
    clock: () => NOW,
    onEvent: (event) => void events.push(event),
    ...more,
  });
  const request = { method: "GET", target: "/area/x", authorization: [`Bearer ${raw}`], request: {}, ...facts };
  await authorizeRequest(request, protection);
  expect(events).toHaveLength(1);
  return events.find((event): event is Recorded => event.type === "allowed" || event.type === "refused");
}

const to = (destination: string) => (name: string) => (name === "destination" ? [destination] : []);

describe("what was let through", () => {
  it("is recorded with who, what and where, and the scope that allowed it (H6)", async () => {
    expect(await record(scoped("queue read:/y read:/x write:/"), { target: "/area/x?secret=1" })).toEqual({
      type: "allowed",
      requestId: undefined,
      request: { method: "GET", path: "/area/x", operation: "read" },
      token: { verified: true, issuer: ISSUER, subject: `${CANARY}-subject`, id: `${CANARY}-id`, keyId: key.kid },
      required: "storage.read:/x",
      grantedBy: { scopes: ["read:/x"] },
    });
  });

  it.each([
    ["PUT", "/area/new", "storage.create:/new storage.read:/", "storage.create:/new", ["storage.create:/new"]],
    ["PUT", "/area/new", "storage.create:/ storage.modify:/", "storage.modify:/new", ["storage.modify:/"]],
    ["HEAD", "/area/x", "storage.stage:/x", "storage.stage:/x", ["storage.stage:/x"]],
    ["MKCOL", "/area/a", "storage.create:/a/b", "storage.create:/a/", ["storage.create:/a/b"]],
  ])("names what %s %s took of '%s': %s (H6, R3)", async (method, target, scope, required, scopes) => {
    expect(await record(tokenOf("wlcg", { scope }), { method, target })).toMatchObject({
      type: "allowed",
      required,
      grantedBy: { scopes },
    });
  });

  it("names a scope for each end of a copy, and both ends (H6, R3)", async () => {
    const raw = scoped("write:/b read:/a");
    expect(await record(raw, { method: "COPY", target: "/area/a/x", header: to("/area/b/x") })).toMatchObject({
      request: { method: "COPY", path: "/area/a/x", operation: "copy", destination: "/area/b/x" },
      required: "storage.read:/a/x storage.modify:/b/x",
      grantedBy: { scopes: ["read:/a", "write:/b"] },
    });
  });

  it("names the end of a copy or rename that is not the target, once (H6, R3)", async () => {
    const from = (name: string): readonly string[] => (name === "source" ? ["/area/a"] : []);
    expect(
      (await record(scoped("read:/ write:/"), { method: "COPY", target: "/area/b", header: from }))?.request,
    ).toEqual({
      method: "COPY",
      path: "/area/b",
      operation: "copy",
      source: "/area/a",
    });
    expect((await record(scoped("write:/"), { method: "MOVE", header: to("/area/y") }))?.request).toEqual({
      method: "MOVE",
      path: "/area/x",
      operation: "rename",
      destination: "/area/y",
    });
  });

  it("names all scopes where only together they are enough (H6, S5)", async () => {
    const scope = "compute.create compute.modify compute.cancel openid";
    expect(await record(tokenOf("wlcg", { scope }), {}, { scope: "condor:/WRITE" })).toMatchObject({
      type: "allowed",
      grantedBy: { scopes: ["compute.create", "compute.modify", "compute.cancel"] },
    });
  });

  it("names the group or the host whose rule allowed it (H6, S7, S10)", async () => {
    const rules: Partial<ProtectOptions> = {
      scope: fromRequest(),
      groups: ["/a", { group: "/b", allow: ["read:/x"] }],
      hosts: [{ issuer: ISSUER, subject: "host:c.example.org", allow: ["read:/"] }],
    };
    const grounds = async (claims: object): Promise<unknown> => {
      const event = await record(tokenOf("wlcg", { scope: "openid", ...claims }), {}, rules);
      return event?.type === "allowed" ? event.grantedBy : event?.reason;
    };
    expect(await grounds({ "wlcg.groups": ["/b"] })).toEqual({ scopes: [], group: "/b" });
    expect(await grounds({ "wlcg.groups": ["/b", "/a"] })).toEqual({ scopes: [], group: "/a" });
    expect(await grounds({ scope: "host.auth", sub: "host:c.example.org" })).toEqual({
      scopes: [],
      host: "host:c.example.org",
    });
    expect(await grounds({ "wlcg.groups": ["/c"] })).toBe("groups");
  });

  it("names the other server of a third-party copy, without the secrets of its URL (H6, R3)", async () => {
    const header = (name: string): readonly string[] =>
      name === "source" ? ["https://far.example/x?signature=1"] : [];
    const scope = fromRequest({ thirdPartyCopy: true });
    expect(await record(scoped("write:/"), { method: "COPY", target: "/area/x", header }, { scope })).toMatchObject({
      request: { path: "/area/x", operation: "copy", remote: "https://far.example/x" },
    });
  });

  it("is recorded without a token, where that is optional (H6, H8)", async () => {
    const options = { optional: true, scope: fromRequest() };
    expect(await record("", { authorization: [] }, options)).toMatchObject({
      type: "allowed",
      token: undefined,
      request: { path: "/area/x", operation: "read" },
      required: undefined,
      grantedBy: { scopes: [] },
    });
  });

  it("is recorded with nothing that granted it, where any good token is enough (H6)", async () => {
    const event = await record(scoped("read:/x"), {}, {});
    expect(event).toMatchObject({ type: "allowed", required: undefined, grantedBy: { scopes: [] } });
  });
});

describe("what granted it", () => {
  it("is named of the alternative that was met, and no other (H6)", async () => {
    const scope = anyOf(["read:/a", "read:/nobody"], "read:/c");
    expect(await record(scoped("read:/a read:/c"), {}, { scope })).toMatchObject({
      required: "read:/c",
      grantedBy: { scopes: ["read:/c"] },
    });
  });

  it("is named of alternatives within the one that was met, too (H6)", async () => {
    const scope = anyOf("admin", ["read:/a", anyOf("read:/nobody", "read:/c")]);
    expect(await record(scoped("read:/a read:/c"), {}, { scope })).toMatchObject({
      required: "read:/a read:/c",
      grantedBy: { scopes: ["read:/a", "read:/c"] },
    });
  });

  it.each(["queue", "wlcg:1.0"])("is %s itself, where no path is asked for (H6, S6)", async (scope) => {
    const held = `read:/ queue:/short ${scope}`; // queue on a path is no queue
    expect(await record(scoped(held), {}, { scope })).toMatchObject({ grantedBy: { scopes: [scope] } });
  });

  it("is the first of the groups that a route names, where it asks for nothing else (H6, S7)", async () => {
    const raw = tokenOf("wlcg", { scope: "openid", "wlcg.groups": ["/b", "/a"] });
    expect(await record(raw, {}, { groups: ["/a", "/b"] })).toMatchObject({ grantedBy: { scopes: [], group: "/a" } });
  });

  it("is no scope below what is asked (H6, S4)", async () => {
    expect(await record(scoped("read:/x/y read:/x"), {})).toMatchObject({ grantedBy: { scopes: ["read:/x"] } });
  });

  it("is looked up for sixteen of what a rule asks, which may be thousands (H6)", async () => {
    const scope = Array.from({ length: 18 }, (_, i) => `read:/${i}`);
    expect(await record(scoped(scope.join(" ")), {}, { scope })).toMatchObject({
      grantedBy: { scopes: scope.slice(0, 16) },
    });
  });

  it("is of several groups the one whose rule allowed the first of what was asked (H6, S7)", async () => {
    const rules: Partial<ProtectOptions> = {
      scope: ["read:/x", "write:/y"],
      groups: [
        { group: "/b", allow: ["write:/y"] },
        { group: "/a", allow: ["read:/x"] },
      ],
    };
    const raw = tokenOf("wlcg", { scope: "openid", "wlcg.groups": ["/b", "/a"] });
    expect(await record(raw, {}, rules)).toMatchObject({ type: "allowed", grantedBy: { scopes: [], group: "/a" } });
  });

  it("is bounded and printable (H6)", async () => {
    const scope = `read:/%E2%80%AEy/${"x".repeat(3000)}`;
    const event = await record(scoped(scope), { target: "/area/%E2%80%AEy" }, { scope });
    const [shown = ""] = event?.type === "allowed" ? event.grantedBy.scopes : [];
    expect(shown).toMatch(/^read:\/%E2%80%AEy\/x{200,260}…$/);
    const requestId = `a\r\n${"x".repeat(3000)}`;
    for (const more of [{}, { authorization: [] }]) {
      const allowed = await record(scoped("queue"), { requestId, ...more }, { optional: true });
      expect(allowed?.requestId).toMatch(/^a\\u000d\\u000ax{200,260}…$/);
    }
  });
});

describe("what was refused", () => {
  it("is recorded with what was asked, and what would have been needed (H6)", async () => {
    expect(await record(scoped("read:/a"), { method: "PUT", target: "/area/old" })).toMatchObject({
      type: "refused",
      enforced: true,
      request: { method: "PUT", path: "/area/old", operation: "write" },
      reason: "capability",
      required: "storage.modify:/old",
      held: ["read:/a"],
    });
  });

  it("is recorded as outside of the issuer's area, where no scope would do (H6, S8)", async () => {
    expect(await record(scoped("read:/"), { target: "/elsewhere/x" })).toMatchObject({
      type: "refused",
      reason: "base_path",
      required: undefined,
    });
  });

  it("is recorded with as much of what it lacked as fits, and challenged with no more than clients take (H4, H6)", async () => {
    const paths = Array.from({ length: 5000 }, (_, i) => operation("stage", `/area/${i}`));
    const events: SciTokenEvent[] = [];
    const trust = { issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } }, audience: AUDIENCE, clock: () => NOW };
    const protection = createProtection({ ...trust, scope: () => paths, onEvent: (event) => void events.push(event) });
    const facts = { method: "POST", target: "/stage", authorization: [`Bearer ${scoped("read:/")}`], request: {} };
    const decision = await authorizeRequest(facts, protection);
    const { headers } = (decision as Extract<typeof decision, { allowed: false }>).refusal;
    expect(headers["WWW-Authenticate"]).toBe('Bearer realm="scitokens", error="insufficient_scope"');
    expect(events).toMatchObject([{ required: expect.stringMatching(/^storage\.stage:\/area\/0 .{2000,2060}…$/) }]);
  });

  it.each([
    ["/x#access_token=secret", "/x"],
    ["http://alice:secret@data.example.org/x?y", "/x"],
    ["HTTP://alice:secret@data.example.org/x#y", "/x"],
    ["/area/a%20b//c?token=secret", "/area/a b/c"],
    [undefined, ""],
  ])("is recorded without secrets, whatever its target is: %j (H6)", async (target, path) => {
    const event = await record(scoped("queue"), { target: target as string }, { scope: "admin" });
    expect(event).toMatchObject({ type: "refused", request: { path } });
    expect(JSON.stringify(event)).not.toContain("secret");
  });

  it.each([
    ["a path that is read", 1024, "/area/x", "rename"],
    ["a path that is too long", 1025, "/area/x", undefined],
    ["another end that is read", "/area/x", 1024, "rename"],
    ["another end that is too long", "/area/x", 1025, undefined],
  ])("is read for the record up to a length: %s (H6)", async (_, path, end, operationName) => {
    const written = (text: number | string): string => (typeof text === "string" ? text : `/${"x".repeat(text - 1)}`);
    const facts = { method: "MOVE", target: written(path), header: to(written(end)), authorization: [] };
    expect((await record("", facts))?.request.operation).toBe(operationName);
  });

  it("is recorded without a target too, and changes no decision by that (H6)", async () => {
    const facts = { target: undefined as unknown as string, authorization: [] };
    expect(await record("", facts)).toMatchObject({ type: "refused", code: "missing_token", request: { path: "" } });
  });

  it("is recorded with its path as it stands, where it has no meaning; cut short and printable (H6)", async () => {
    const odd = `/area/..%2f${"x".repeat(2000)}?token=secret`;
    const event = await record(scoped("read:/"), { target: odd, method: "G\r\nET" });
    expect(event?.request.method).toBe("G\\u000d\\u000aET");
    expect(event?.request.path).toMatch(/^\/area\/\.\.%2fx{240,260}…$/);
    expect(JSON.stringify(event)).not.toContain("secret");
  });
});
