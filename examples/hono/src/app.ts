// A web service like those of CMS, where an experiment's members ask for simulated data. Its tokens come from a plain OAuth
// issuer, which knows no capabilities: they say who somebody is, and the service has rights of its own.
import { SciToken, scitokens } from "@scitokens/core/fetch";
import type { EnforcerOptions, FetchGuard } from "@scitokens/core/fetch";
import { Hono } from "hono";
import type { MiddlewareHandler } from "hono";
import * as z from "zod";

/** What the issuer must say of a user, beyond what any token says. */
interface User {
  readonly preferred_username: string;
  readonly roles: readonly string[];
}

const claims: z.ZodType<User> = z.object({
  preferred_username: z.string().min(1),
  roles: z.array(z.string()).default([]),
});

type UserToken = SciToken<User>;

interface Env {
  Variables: { scitoken: UserToken };
}

export function createApp(trust: EnforcerOptions): Hono<Env> {
  const auth = scitokens({ ...trust, profiles: ["oauth"], claims });
  const metadata = auth.metadata();
  const requested: { readonly dataset: string; readonly by: string }[] = [];

  const app = new Hono<Env>();
  app.use(async (c, next) => metadata(c.req.raw) ?? next());
  app.get("/", (c) => c.json({ service: "simulation requests", try: ["/api/requests", "/api/me"] }));

  app.use("/api/*", guarded(auth.protect()));
  app.get("/api/me", (c) => c.json(c.var.scitoken.claims));
  app.get("/api/requests", (c) => c.json(requested));
  app.post("/api/requests", requireRole("production-manager"), async (c) => {
    const body = z.object({ dataset: z.string().min(1) }).safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) return c.json({ error: "dataset: expected a text" }, 422);
    requested.push({ dataset: body.data.dataset, by: c.var.scitoken.claims.preferred_username });
    return c.json(requested.at(-1), 201);
  });
  return app;
}

/** Puts the token where the handlers find it, or answers. */
function guarded(guard: FetchGuard<UserToken>): MiddlewareHandler<Env> {
  return async (c, next) => {
    const token = await guard(c.req.raw);
    if (!(token instanceof SciToken)) return token;
    c.set("scitoken", token);
    return next();
  };
}

/** A right of the service's own: no other token would help, so that there is nothing to ask the issuer for. */
function requireRole(role: string): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!c.var.scitoken.claims.roles.includes(role)) return c.json({ error: `this is for ${role}s` }, 403);
    return next();
  };
}
