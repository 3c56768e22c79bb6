// @Protect and @Token in Express, in both decorator modes and both versions.
import type { Express, NextFunction, Request, RequestHandler, Response } from "express";
import { afterEach, describe, expect, it } from "vitest";
import { problemDetails, Protect, Token } from "@scitokens/express";
import type { ProtectOptions, SciToken } from "@scitokens/express";
import { listen } from "../contract/listen.js";
import type { Served } from "../contract/harness.js";
// Compiled by tsc beforehand (npm run build): neither vite nor Node can read TC39 decorators.
import { misplaced, misplacedInClass, protectedClass, staticHandler } from "../out/tc39/express-handlers.js";
import { bearer, token, trust, versions } from "./fixture.js";

const read: ProtectOptions = { ...trust, scope: "read:/data" };
const write: ProtectOptions = { ...trust, scope: "write:/data" };

class Legacy {
  readonly name = "legacy";

  @Protect(read)
  list(_request: Request, response: Response, @Token() verified: SciToken): void {
    response.json({ name: this.name, subject: verified.subject });
  }

  @Protect(read)
  async late(_request: Request, _response: Response): Promise<void> {
    await Promise.resolve();
    throw new Error("late fault");
  }

  @Protect(read)
  early(_request: Request, _response: Response): void {
    throw new Error("early fault");
  }

  @Protect(read)
  static list(_request: Request, response: Response, _next: NextFunction, @Token() verified?: SciToken): void {
    response.json({ name: "static", subject: verified?.subject });
  }
}

class Base {
  static inheritedStatic(_request: Request, response: Response): void {
    response.json({ by: "inherited static" });
  }

  inherited(request: Request, response: Response): void {
    response.json({ subject: request.scitoken?.subject });
  }
}

@Protect(read)
class Whole extends Base {
  list(request: Request, response: Response, @Token() verified: SciToken): void {
    response.json({ same: request.scitoken === verified });
  }

  @Protect(write)
  own(_request: Request, response: Response): void {
    response.json({ by: "own" });
  }

  static stat(_request: Request, response: Response): void {
    response.json({ by: "static" });
  }
}

class Rejecting {
  @Protect({ ...trust, isRevoked: () => Promise.reject() })
  list(_request: Request, response: Response): void {
    response.json({ reached: true });
  }
}

describe.each(versions)("%s", (_, express) => {
  let served: Served | undefined;
  afterEach(async () => {
    await served?.close();
    served = undefined;
  });

  function application(): Express {
    const app = express();
    app.set("env", "test");
    const legacy = new Legacy();
    const whole = new Whole();
    const standard = protectedClass(read, write);
    app.get("/legacy", (...all) => void legacy.list(...(all as unknown as Parameters<typeof legacy.list>)));
    app.get("/late", legacy.late.bind(legacy));
    app.get("/early", legacy.early.bind(legacy));
    app.get("/static", Legacy.list);
    app.get("/whole", whole.list.bind(whole) as unknown as () => void);
    app.get("/inherited", whole.inherited.bind(whole));
    app.get("/own", whole.own.bind(whole));
    app.get("/stat", Whole.stat);
    app.get("/inherited-static", Whole.inheritedStatic);
    app.get("/open", Base.inheritedStatic);
    app.get("/rejects", new Rejecting().list);
    app.get("/tc39", standard.list as RequestHandler);
    app.get("/tc39-own", standard.own as RequestHandler);
    app.use(problemDetails());
    app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
      response.status(500).send(error.message);
    });
    return app;
  }

  async function get(path: string, scopes?: string): Promise<{ status: number; body: string }> {
    served ??= await listen(application());
    const headers = scopes === undefined ? {} : bearer(token(scopes));
    const response = await fetch(`http://127.0.0.1:${served.port}${path}`, { headers });
    return { status: response.status, body: await response.text() };
  }

  it.each(["/legacy", "/static", "/whole", "/inherited", "/inherited-static", "/stat", "/tc39"])(
    "protects %s by read:/data",
    async (path) => {
      expect((await get(path)).status).toBe(401);
      expect((await get(path, "read:/other")).status).toBe(403);
      expect((await get(path, "read:/data")).status).toBe(200);
    },
  );

  it("hands the token to the parameter that asks for it, and keeps this", async () => {
    expect((await get("/legacy", "read:/data")).body).toBe('{"name":"legacy","subject":"alice"}');
    expect((await get("/static", "read:/data")).body).toBe('{"name":"static","subject":"alice"}');
    expect((await get("/whole", "read:/data")).body).toBe('{"same":true}');
    expect((await get("/tc39", "read:/data")).body).toBe('{"by":"list","name":"frames","subject":"alice"}');
  });

  it.each(["/own", "/tc39-own"])(
    "lets what stands at a method win over what stands at its class (%s)",
    async (path) => {
      expect((await get(path, "read:/data")).status).toBe(403);
      expect((await get(path, "write:/data")).status).toBe(200);
    },
  );

  it("leaves the class above as it was", async () => {
    expect((await get("/open")).status).toBe(200);
  });

  it("takes no rejection with nothing for leave to go on (H3)", async () => {
    expect((await get("/rejects", "read:/data")).status).toBe(500);
  });

  it.each([
    ["/late", "late fault"],
    ["/early", "early fault"],
  ])("passes on what the method throws (%s)", async (path, message) => {
    expect(await get(path, "read:/data")).toEqual({ status: 500, body: message });
  });
});

describe("@Protect and @Token where they cannot stand", () => {
  it.each(Object.entries(misplaced))("refuses a %s (TC39)", (_, define) => {
    expect(() => define(Protect(read) as never)).toThrow(/a field or an accessor cannot be protected/);
  });

  it("refuses a field and an accessor (legacy)", () => {
    const decorate = Protect(read) as (...all: unknown[]) => unknown;
    expect(() => decorate({}, "field", undefined)).toThrow(/a field or an accessor cannot be protected/);
    expect(() => decorate({}, "getter", { get: () => 1 })).toThrow(/a field or an accessor cannot be protected/);
  });

  it("refuses an object of a protected class that keeps a function in a field, where nothing guards it", () => {
    @Protect(read)
    class Fields {
      readonly handler = (): string => "open";
    }
    expect(() => new Fields()).toThrow(/'Fields.handler' is a field with a function/);
    expect(misplacedInClass(Protect(read) as never)).toThrow(/'Fields.handler' is a field with a function/);
  });

  it("leaves a protected class its name, its statics, its private functions and those who inherit from it", () => {
    @Protect(read)
    class Named {
      static readonly kind = "kind";
      readonly #lookup = (): string => "private";
      readonly size = 1;
      readonly first: string;
      constructor(first: string) {
        this.first = first;
      }
      hidden(): string {
        return this.#lookup();
      }
    }
    class Derived extends Named {
      readonly own = (): string => "its own business";
    }
    const named = new Named("a");
    expect([Named.name, Named.kind, named.size, named.first]).toEqual(["Named", "kind", 1, "a"]);
    expect(named).toBeInstanceOf(Named);
    expect(named.constructor).toBe(Named);
    expect(new Derived("b").own()).toBe("its own business");
    expect(() => named.hidden()).toThrow(/called without a request/);
  });

  it("refuses @Token at a constructor", () => {
    expect(() => Token()(Legacy, undefined, 0)).toThrow(/not of a constructor/);
  });

  it("leaves what every function has alone: a class is still called, bound and asked for its text", () => {
    expect(Object.getOwnPropertyNames(Whole)).not.toEqual(expect.arrayContaining(["call"]));
    expect(Object.getOwnPropertyNames(Whole)).not.toEqual(expect.arrayContaining(["bind"]));
  });

  it("refuses a wrong option where the class is defined", () => {
    expect(() => Protect({ ...trust, scoope: "read:/" } as ProtectOptions)).toThrow(/did you mean 'scope'/);
  });

  it("refuses to be called without next, whatever the request carries (H3)", () => {
    const request = { rawHeaders: [], headers: {} } as unknown as Request;
    expect(() => new Legacy().early(request, {} as Response)).toThrow(/called without next/);
  });

  it("refuses accessors that give out handlers, and methods that a subclass adds", () => {
    @Protect(read)
    class Guarded {
      get handler(): () => string {
        return () => "open";
      }
      get size(): number {
        return 1;
      }
      list(): string {
        return "guarded";
      }
    }
    class Adding extends Guarded {
      more(): string {
        return "open";
      }
    }
    class Replacing extends Guarded {
      override list(): string {
        return "open";
      }
    }
    @Protect(read)
    class Careful extends Guarded {
      more(): string {
        return "guarded";
      }
    }
    expect(() => new Guarded().handler).toThrow(/'Guarded.handler' is a field with a function/);
    expect(new Guarded().size).toBe(1);
    expect(() => new Adding()).toThrow(/'Adding.more' is a method of a subclass/);
    expect(() => new Replacing()).toThrow(/'Replacing.list' is a method of a subclass/);
    expect(() => new Careful().more()).toThrow(/called without a request/);
  });

  it("guards functions in static fields (TC39)", () => {
    expect(() => staticHandler(Protect(read) as never)()).toThrow(/called without a request/);
  });

  it("refuses to be called without a request", () => {
    const legacy = new Legacy();
    expect(() => legacy.early({} as Request, {} as Response)).toThrow(/called without a request/);
  });
});
