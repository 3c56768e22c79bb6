// What a server tells clients that have no token yet. RFC 9728, rule H7.
import { createEnforcer } from "@scitokens/core";
import { authorizeRequest, createProtection, createProtections } from "@scitokens/core/http";
import type { ProtectOptions, ResourceMetadata } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";

const ISSUER = "https://issuer.example.org";
const OTHER = "https://other.example.org/vo";
const trust = { issuer: [ISSUER, OTHER], audience: ["https://data.example.org", "data:8443"] };

const metadataOf = (options: object): ResourceMetadata => createProtections({ ...trust, ...options }).metadata();

describe("the metadata document (H7)", () => {
  it("is made of the options: the audience, the trusted issuers, and what is said besides (H7)", () => {
    expect(metadataOf({}).document).toEqual({
      resource: "https://data.example.org",
      authorization_servers: [ISSUER, OTHER],
      bearer_methods_supported: ["header"],
    });
    const said = {
      resource: "https://data.example.org/api",
      authorization_servers: [OTHER],
      scopes_supported: ["read:/data", "queue"],
      resource_name: "Frames",
      resource_documentation: "https://data.example.org/docs",
      resource_policy_uri: "https://data.example.org/policy",
      resource_tos_uri: "https://data.example.org/terms",
    };
    expect(metadataOf({ resourceMetadata: said }).document).toEqual({ ...said, bearer_methods_supported: ["header"] });
  });

  it.each([
    ["https://data.example.org", "/.well-known/oauth-protected-resource"],
    ["https://data.example.org/", "/.well-known/oauth-protected-resource"],
    ["https://data.example.org/v1", "/.well-known/oauth-protected-resource/v1"],
    ["https://data.example.org/v1/", "/.well-known/oauth-protected-resource/v1/"],
    ["https://data.example.org:8443/a/b%20c", "/.well-known/oauth-protected-resource/a/b%20c"],
    ["http://127.0.0.1:3000/mcp", "/.well-known/oauth-protected-resource/mcp"],
    ["http://[::1]:3000", "/.well-known/oauth-protected-resource"],
  ])("of %s stands at %s (H7)", (resource, path) => {
    const metadata = metadataOf({ resourceMetadata: { resource } });
    expect(metadata.path).toBe(path);
    expect(metadata.url).toBe(new URL(resource).origin + path);
    expect(metadata.document["resource"]).toBe(resource);
  });

  it.each([
    ["no URL", { resource: "data" }, /resourceMetadata.resource: expected a URL/],
    ["http to elsewhere", { resource: "http://data.example.org" }, /resourceMetadata.resource: expected a URL/],
    ["a query", { resource: "https://data.example.org/?a=b" }, /without query and fragment/],
    ["a fragment", { resource: "https://data.example.org/#a" }, /without query and fragment/],
    ["a password", { resource: "https://a:b@data.example.org/" }, /resourceMetadata.resource: expected a URL/],
    ["a password alone", { resource: "https://:b@data.example.org/" }, /resourceMetadata.resource: expected a URL/],
    ["a blank before it", { resource: " https://data.example.org" }, /resourceMetadata.resource: expected a URL/],
    ["too few slashes", { resource: "https:data.example.org" }, /resourceMetadata.resource: expected a URL/],
    ["an empty query", { resource: "https://data.example.org/?" }, /resourceMetadata.resource: expected a URL/],
    ["the usual port", { resource: "https://data.example.org:443" }, /resourceMetadata.resource: expected a URL/],
    ["an empty list", { scopes_supported: [] }, /resourceMetadata.scopes_supported: expected a list/],
    ["a list of numbers", { authorization_servers: [1] }, /resourceMetadata.authorization_servers: expected a list/],
    ["an empty name", { resource_name: "" }, /resourceMetadata.resource_name: expected a text/],
    ["a misspelt name", { resource_nam: "x" }, /did you mean 'resource_name'/],
    ["null", null, /resourceMetadata: expected an object/],
  ])("is refused at start with %s (H7)", (_, resourceMetadata, message) => {
    const options = { ...trust, resourceMetadata } as unknown as ProtectOptions;
    expect(() => createProtection(options)).toThrow(message);
    expect(() => createProtection(options)).toThrow(TypeError);
  });

  it("needs a name of its own where the audience is none, or several (H7)", () => {
    const message = "resourceMetadata.resource: expected, since the audience is not one URL";
    expect(() => metadataOf({ audience: null })).toThrow(message);
    expect(() => metadataOf({ audience: "data" })).toThrow(message);
    expect(() => metadataOf({ audience: ["https://a.example.org", "https://b.example.org"] })).toThrow(message);
    expect(() => createProtection({ ...trust, audience: "data", resourceMetadata: {} })).toThrow(message);
  });

  it("is not ours to serve where its place is given (H7)", () => {
    const elsewhere = { resourceMetadata: "https://data.example.org/about.json" };
    expect(() => metadataOf(elsewhere)).toThrow("not where something else serves it");
    expect(() => createProtection({ ...trust, resourceMetadata: "about.json" })).toThrow(
      "resourceMetadata: expected a URL",
    );
  });

  it("is what the options said at start, whatever becomes of them (H7)", () => {
    const told = { resource: "https://data.example.org", scopes_supported: ["queue"] };
    const auth = createProtections({ ...trust, resourceMetadata: told });
    told.resource = "https://evil.example.org";
    told.scopes_supported.push("admin");
    expect(auth.metadata().document).toMatchObject({
      resource: "https://data.example.org",
      scopes_supported: ["queue"],
    });
  });

  it("is made of a given enforcer as well (H7)", () => {
    const enforcer = createEnforcer({ issuer: ISSUER, audience: "https://data.example.org" });
    expect(createProtections({ enforcer }).metadata().document["authorization_servers"]).toEqual([ISSUER]);
  });
});

describe("the answer to who asks for it (H7)", () => {
  const { answer, path } = metadataOf({});

  it("is the document, for GET and HEAD, whatever the query (H7)", () => {
    expect(answer("GET", path)).toMatchObject({ status: 200, headers: { "Content-Type": "application/json" } });
    expect(answer("HEAD", `${path}?x`)).toMatchObject({ status: 200 });
    expect(JSON.parse(answer("GET", path)?.body ?? "")).toMatchObject({ resource: "https://data.example.org" });
  });

  it("lets no other method in, and leaves other targets alone (H7)", () => {
    expect(answer("POST", path)).toMatchObject({ status: 405, headers: { Allow: "GET, HEAD, OPTIONS" }, body: "" });
    for (const target of ["/", `${path}/`, `/x${path}`, path.toUpperCase(), `${path}%2f`]) {
      expect([target, answer("GET", target)]).toEqual([target, undefined]);
    }
  });
});

describe("resource_metadata in a challenge (H7)", () => {
  const challengeFor = async (resourceMetadata: ProtectOptions["resourceMetadata"]): Promise<string | undefined> => {
    const options = resourceMetadata === undefined ? trust : { ...trust, resourceMetadata };
    const facts = { method: "GET", target: "/", authorization: ["Bearer x"], request: undefined };
    const decision = await authorizeRequest(facts, createProtection(options));
    return decision.allowed ? undefined : decision.refusal.headers["WWW-Authenticate"];
  };

  it("names the document when it is configured, and only then (H7)", async () => {
    const before = 'Bearer realm="scitokens", error="invalid_token"';
    const url = "https://data.example.org/.well-known/oauth-protected-resource";
    expect(await challengeFor(undefined)).toBe(before);
    expect(await challengeFor({})).toBe(`${before}, resource_metadata="${url}"`);
    expect(await challengeFor("https://x.example.org/a%20b")).toBe(
      `${before}, resource_metadata="https://x.example.org/a%20b"`,
    );
    await expect(challengeFor('https://x.example.org/a b"c')).rejects.toThrow("resourceMetadata: expected a URL");
  });
});

describe("a request's name (H6)", () => {
  it("is kept, cut to what a log may hold (H6)", async () => {
    const named = async (requestId: string): Promise<string | undefined> => {
      const facts = { method: "GET", target: "/", authorization: [], request: undefined, requestId };
      const decision = await authorizeRequest(facts, createProtection(trust));
      return decision.allowed ? undefined : decision.refusal.problem.requestId;
    };
    expect(await named("req-1")).toBe("req-1");
    expect(await named("a\r\nb")).not.toMatch(/[\r\n]/);
    expect((await named("x".repeat(10_000)))?.length).toBeLessThan(1000);
    expect(await named("")).toMatch(/^[0-9a-f-]{36}$/);
  });
});
