// Compiled, never run: the claims of a token are typed by what was said of them, or by a schema of any library.
import { createEnforcer } from "@scitokens/core";
import type { EnforcerOptions } from "@scitokens/core";
import { scitokens } from "@scitokens/express";
import * as v from "valibot";
import * as z from "zod";

const trust: EnforcerOptions = { issuer: "https://issuer.example.org", audience: "https://data.example.org" };

const said = scitokens<{ email: string }>(trust);
const byZod = scitokens({ ...trust, claims: z.object({ email: z.string() }) });
const byValibot = scitokens({ ...trust, claims: v.object({ email: v.string() }) });
const enforcer = createEnforcer({ ...trust, claims: z.object({ quota: z.coerce.number() }) });
const byEnforcer = scitokens({ enforcer });
const untyped = scitokens(trust);

export const emails: readonly string[] = [said, byZod, byValibot].map((auth) => auth.token({}).claims.email);
export const quota: number = byEnforcer.token({}).claims.quota;
// @ts-expect-error a string
export const wrong: number = byValibot.token({}).claims.email;
// @ts-expect-error not known to be a string
export const unknown: string = untyped.token({}).claims["email"];
