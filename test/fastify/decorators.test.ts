// @Protect and @Token in Fastify, in both decorator modes and both versions.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { Protect, Token } from "@scitokens/fastify";
import type { ProtectOptions, SciToken } from "@scitokens/fastify";
// Compiled by tsc beforehand (npm run build): neither vite nor Node can read TC39 decorators.
import { protectedClass } from "../out/tc39/fastify-handlers.js";
import { ask, status, token, trust, versions } from "./fixture.js";

const read: ProtectOptions = { ...trust, scope: "read:/data" };
const write: ProtectOptions = { ...trust, scope: "write:/data" };

class Legacy {
  readonly name = "legacy";
  reached = 0;

  @Protect(read)
  list(_request: FastifyRequest, _reply: FastifyReply, @Token() verified?: SciToken): object {
    return { name: this.name, subject: verified?.subject };
  }

  @Protect(read)
  callback(_request: FastifyRequest, reply: FastifyReply, @Token() verified?: SciToken): void {
    setImmediate(() => void reply.send({ subject: verified?.subject }));
  }

  @Protect(read)
  async sends(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    await Promise.resolve();
    return reply.code(201).send({ subject: request.scitoken?.subject });
  }

  @Protect(read)
  async late(_request: FastifyRequest, _reply: FastifyReply): Promise<void> {
    await Promise.resolve();
    throw new Error("late fault");
  }

  @Protect(read)
  early(_request: FastifyRequest, _reply: FastifyReply): void {
    throw new Error("early fault");
  }

  @Protect(read)
  nothing(_request: FastifyRequest, _reply: FastifyReply): Promise<void> {
    // oxlint-disable-next-line prefer-promise-reject-errors -- what is no Error is the point
    return Promise.reject();
  }

  @Protect(read)
  text(_request: FastifyRequest, _reply: FastifyReply): void {
    // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- what is no Error is the point
    throw "a text";
  }

  @Protect(read)
  static list(_request: FastifyRequest, _reply: FastifyReply, @Token() verified?: SciToken): object {
    return { name: "static", subject: verified?.subject };
  }

  @Protect({ ...read, onError: (refusal) => `own page: ${refusal.code}` })
  paged(_request: FastifyRequest, _reply: FastifyReply): string {
    this.reached++;
    return "paged";
  }
}

class Base {
  inherited(request: FastifyRequest, _reply: FastifyReply): object {
    return { subject: request.scitoken?.subject ?? null };
  }
}

@Protect(read)
class Whole extends Base {
  list(request: FastifyRequest, _reply: FastifyReply, @Token() verified?: SciToken): object {
    return { same: request.scitoken === verified };
  }

  @Protect(write)
  own(_request: FastifyRequest, _reply: FastifyReply): object {
    return { by: "own" };
  }
}

describe.each(versions)("%s", (_, framework) => {
  let app: FastifyInstance;
  afterEach(() => app.close());

  let legacy: Legacy;

  function create(): void {
    legacy = new Legacy();
    const whole = new Whole();
    const standard = protectedClass(read, write);
    app = framework();
    app.get("/legacy", (request, reply) => legacy.list(request, reply));
    app.get("/callback", legacy.callback.bind(legacy));
    app.get("/sends", legacy.sends.bind(legacy));
    app.get("/late", legacy.late.bind(legacy));
    app.get("/early", legacy.early.bind(legacy));
    app.get("/nothing", legacy.nothing.bind(legacy));
    app.get("/text", legacy.text.bind(legacy));
    app.get("/paged", legacy.paged.bind(legacy));
    app.get("/static", Legacy.list);
    app.get("/whole", whole.list.bind(whole));
    app.get("/inherited", whole.inherited.bind(whole));
    app.get("/own", whole.own.bind(whole));
    app.get("/open", new Base().inherited);
    app.get("/tc39", standard.list as never);
    app.get("/tc39-own", standard.own as never);
  }

  it.each(["/legacy", "/callback", "/static", "/whole", "/inherited", "/tc39"])(
    "protects %s by read:/data (H3)",
    async (path) => {
      create();
      expect(await status(app, path)).toBe(401);
      expect(await status(app, path, token("read:/other"))).toBe(403);
      expect(await status(app, path, token("read:/data"))).toBe(200);
    },
  );

  it("hands the token to the parameter that asks for it, keeps this, and sends what the method returns or sends", async () => {
    create();
    const body = async (path: string): Promise<string> => (await ask(app, path, token("read:/data"))).body;
    expect(await body("/legacy")).toBe('{"name":"legacy","subject":"alice"}');
    expect(await body("/callback")).toBe('{"subject":"alice"}');
    expect(await body("/static")).toBe('{"name":"static","subject":"alice"}');
    expect(await body("/whole")).toBe('{"same":true}');
    expect(await body("/tc39")).toBe('{"by":"list","name":"frames","subject":"alice"}');
    expect(await ask(app, "/sends", token("read:/data"))).toMatchObject({ status: 201, body: '{"subject":"alice"}' });
    const own = await ask(app, "/tc39-own", token("write:/data"));
    expect(own.body).toBe('{"by":"own","name":"frames","subject":"alice"}');
  });

  it.each(["/own", "/tc39-own"])(
    "lets what stands at a method win over what stands at its class (%s)",
    async (path) => {
      create();
      expect(await status(app, path, token("read:/data"))).toBe(403);
      expect(await status(app, path, token("write:/data"))).toBe(200);
    },
  );

  it("leaves the class above as it was", async () => {
    create();
    expect(await ask(app, "/open")).toMatchObject({ status: 200, body: '{"subject":null}' });
  });

  it.each(["/late", "/early", "/nothing", "/text"])(
    "leaves what the method throws to Fastify's own 500 (%s) (H3)",
    async (path) => {
      create();
      const answered = await ask(app, path, token("read:/data"));
      expect([answered.status, answered.challenge]).toEqual([500, undefined]);
      expect(JSON.parse(answered.body)).toMatchObject({ statusCode: 500 });
    },
  );

  it("answers a method's refusals by its own onError (H5)", async () => {
    create();
    expect(await ask(app, "/paged")).toMatchObject({ status: 401, body: "own page: missing_token" });
    expect(legacy.reached).toBe(0);
    expect(await ask(app, "/paged", token("read:/data"))).toMatchObject({ status: 200, body: "paged" });
  });
});

describe("@Protect where it cannot stand", () => {
  it("refuses a field and an accessor", () => {
    const decorate = Protect(read) as (...all: unknown[]) => unknown;
    expect(() => decorate({}, "field", undefined)).toThrow(/a field or an accessor cannot be protected/);
    expect(() => decorate({}, "getter", { get: () => 1 })).toThrow(/a field or an accessor cannot be protected/);
  });

  it("refuses a wrong option where the class is defined", () => {
    expect(() => Protect({ ...trust, scoope: "read:/" } as ProtectOptions)).toThrow(/did you mean 'scope'/);
  });

  it.each([undefined, null, {}, { raw: {} }])("refuses to be called without a request (%o)", (first) => {
    expect(() => new Legacy().early(first as FastifyRequest, {} as FastifyReply)).toThrow(/called without a request/);
  });
});
