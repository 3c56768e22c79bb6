// What protectFetch() answers, what an application may answer in its place, and what is no answer but a fault.
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { protectFetch, Refusal, SciToken, scitokens, scope } from "@scitokens/core/fetch";
import type { ErrorHandler, FetchGuard } from "@scitokens/core/fetch";
import { z } from "zod";
import { AUDIENCE, ISSUER, key, request, statusOf, token, trust } from "./fixture.js";

const CHALLENGE = 'Bearer realm="scitokens", scope="read:/data"';
const good = (): Request => request("/data", [`Bearer ${token("read:/data")}`]);

async function refused(onError?: ErrorHandler, method?: string): Promise<Response> {
  const guard = protectFetch({ ...trust, scope: "read:/data", ...(onError && { onError }) });
  const answer = await guard(request("/data", [], method));
  if (answer instanceof SciToken) throw new Error("let through");
  return answer;
}

describe("a refusal", () => {
  it("is a problem document with the challenge (H3, H5)", async () => {
    const answer = await refused();
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe(CHALLENGE);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({ status: 401, code: "missing_token" });
  });

  it("has no body where the method has none (H3)", async () => {
    const answer = await refused(undefined, "HEAD");
    expect([answer.status, answer.body]).toEqual([401, null]);
    expect(answer.headers.get("www-authenticate")).toBe(CHALLENGE);
  });

  it("is answered by the application where it wants to, with refusal and request in its hands (H5)", async () => {
    const onError = vi.fn<ErrorHandler>(() => Promise.resolve(new Response("mine", { headers: { "X-Mine": "yes" } })));
    const answer = await refused(onError);
    expect([answer.status, await answer.text()]).toEqual([401, "mine"]);
    expect(answer.headers.get("www-authenticate")).toBe(CHALLENGE);
    expect(answer.headers.get("x-mine")).toBe("yes");
    const [refusal, seen] = onError.mock.calls[0] ?? [];
    expect(refusal).toBeInstanceOf(Refusal);
    expect(seen?.url).toContain("/data");
  });

  it.each([
    [200, 401],
    [204, 401],
    [303, 303],
    [404, 404],
    [503, 503],
  ])("never looks like a success: an application's %i is sent as %i (H5)", async (written, sent) => {
    const answer = await refused(() => new Response(null, { status: written }));
    expect(answer.status).toBe(sent);
    expect(answer.headers.get("www-authenticate")).toBe(CHALLENGE);
  });

  it("has one challenge, even where the application wrote it as well (H5)", async () => {
    const answer = await refused((refusal) => new Response("mine", { headers: refusal.headers }));
    expect(answer.headers.get("www-authenticate")).toBe(CHALLENGE);
  });

  it("has the status of the refusal where the application's answer is no Response (H5)", async () => {
    const answer = await refused(() => ({ body: "mine" }) as unknown as Response);
    expect(answer.status).toBe(401);
  });
});

describe("a fault of the program (H3)", () => {
  it.each([undefined, null, 0, "route", new Response("ok")])(
    "a scope function's %s rejects as an Error",
    async (thrown) => {
      // oxlint-disable-next-line prefer-promise-reject-errors -- what is no Error is the point
      const guard = protectFetch({ ...trust, scope: () => Promise.reject(thrown) });
      const fault = await guard(good()).then(String, (error: unknown) => error);
      expect(fault).toBeInstanceOf(Error);
      expect(fault).toHaveProperty("cause", thrown);
    },
  );

  it("an Error of a scope function, of isRevoked, of onError is passed on as it is", async () => {
    const fault = new Error("the program's own");
    const fail = (): never => {
      throw fault;
    };
    await expect(protectFetch({ ...trust, scope: fail })(good())).rejects.toBe(fault);
    await expect(protectFetch({ ...trust, isRevoked: fail })(good())).rejects.toBe(fault);
    await expect(refused(fail)).rejects.toBe(fault);
    await expect(refused((() => undefined) as unknown as ErrorHandler)).rejects.toThrow(TypeError);
    // oxlint-disable-next-line prefer-promise-reject-errors -- what is no Error is the point
    await expect(refused(() => Promise.reject(undefined))).rejects.toBeInstanceOf(Error);
  });
});

describe("options", () => {
  it("are checked at start, and named", () => {
    const wrong =
      (more: object): (() => unknown) =>
      () =>
        protectFetch({ ...trust, ...more });
    expect(wrong({ onError: 403 })).toThrow(new TypeError("onError: expected a function"));
    expect(wrong({ scope: undefined })).toThrow(/^scope: expected a value/);
    expect(wrong({ scop: "read:/" })).toThrow(/did you mean 'scope'/);
    const auth = scitokens(trust);
    expect(() => auth.protect({ scope: "read:/", onError: "no" as unknown as ErrorHandler })).toThrow(/^onError/);
    expect(() => auth.protect({ audience: AUDIENCE } as object)).toThrow(/unknown option 'audience'/);
    expect(() => scitokens({ ...trust, onError: {} as ErrorHandler })).toThrow(/^onError/);
  });

  it("of an application stand behind those of a route (I15)", async () => {
    const auth = scitokens({ ...trust, realm: "all", onError: () => new Response("common") });
    const body = async (guard: FetchGuard<SciToken>): Promise<string> => {
      const answer = await guard(request("/data"));
      return answer instanceof Response ? `${answer.headers.get("www-authenticate")} ${await answer.text()}` : "";
    };
    expect(await body(auth.protect())).toBe('Bearer realm="all" common');
    expect(await body(auth.protect({ realm: "own", onError: () => new Response("own") }))).toBe(
      'Bearer realm="own" own',
    );
  });

  it("let a request without credentials through where the token is optional, and no bad token (H8)", async () => {
    const guard = protectFetch({ ...trust, optional: true });
    expect(await guard(request("/data"))).toBeUndefined();
    expect(await guard(good())).toBeInstanceOf(SciToken);
    expect(await statusOf(guard(request("/data", ["Bearer x.y.z"])))).toBe(401);
  });

  it("give scope functions the Request, or what the guard is called with (R4, R6)", async () => {
    const byUrl = protectFetch({ ...trust, scope: ({ url }) => scope`read:/${new URL(url).pathname.slice(1)}` });
    expect(await statusOf(byUrl(good()))).toBe(200);
    const byRun = protectFetch({ ...trust, scope: ({ run }: { readonly run: string }) => scope`read:/${run}` });
    expect(await statusOf(byRun(good(), { run: "data" }))).toBe(200);
    expect(await statusOf(byRun(good(), { run: "other" }))).toBe(403);
    expect(await statusOf(byRun(good(), { run: "a/b" }))).toBe(400);
  });
});

describe("the metadata of scitokens()", () => {
  const auth = scitokens({ ...trust, resourceMetadata: { resource: `${AUDIENCE}/v1` } });
  const path = "/.well-known/oauth-protected-resource/v1";

  it("answers where the document is, and leaves the rest alone (H7)", async () => {
    const metadata = auth.metadata();
    expect(metadata(request("/data"))).toBeUndefined();
    const answer = metadata(request(`${path}?x=1`));
    expect(await answer?.json()).toMatchObject({ resource: `${AUDIENCE}/v1`, authorization_servers: [ISSUER] });
    expect(metadata(request(path, [], "HEAD"))).toMatchObject({ status: 200, body: null });
    expect(metadata(request(path, [], "OPTIONS"))).toMatchObject({ status: 204, body: null });
    expect(metadata(request(path, [], "POST"))).toMatchObject({ status: 405, body: null });
  });

  it("is refused at start where there is nothing to make it of (H7)", () => {
    expect(() => scitokens({ ...trust, audience: "ce.example.org:9619" }).metadata()).toThrow(/resourceMetadata/);
  });
});

it("types what a guard gives, and what it is to be called with", async () => {
  const trustKey = { issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } }, audience: AUDIENCE };
  expectTypeOf(protectFetch(trust)).toEqualTypeOf<(request: Request, seen?: Request) => Promise<SciToken | Response>>();
  expectTypeOf(protectFetch({ ...trust, optional: true })(good())).resolves.toEqualTypeOf<
    SciToken | Response | undefined
  >();
  const guard = protectFetch({ ...trustKey, claims: z.object({ email: z.string() }) });
  expectTypeOf(guard(good())).resolves.toEqualTypeOf<SciToken<{ email: string }> | Response>();
  const auth = scitokens<{ email: string }>(trust);
  expectTypeOf(auth.protect()(good())).resolves.toEqualTypeOf<SciToken<{ email: string }> | Response>();
  expectTypeOf(auth.protect({ optional: true })(good())).resolves.toEqualTypeOf<
    SciToken<{ email: string }> | Response | undefined
  >();
  const perRun = auth.protect({ scope: ({ run }: { readonly run: string }) => `read:/${run}` });
  expectTypeOf(perRun).parameters.toEqualTypeOf<[request: Request, seen: { readonly run: string }]>();
  protectFetch({ ...trust, scope: (seen) => (expectTypeOf(seen).toEqualTypeOf<Request>(), "read:/") });
  auth.protect({ scope: (seen) => (expectTypeOf(seen).toEqualTypeOf<Request>(), "read:/") });
  expect(await statusOf(auth.protect()(good()))).toBe(200);
});
