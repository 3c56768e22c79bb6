// Claims of the application's own, checked and typed by a schema library: zod, valibot, ArkType. standardschema.dev, rule P5.
import { InvalidTokenError } from "../base/errors.js";
import { forLog } from "../base/events.js";
import { deepFreeze } from "../base/json.js";
import type { JsonObject } from "../base/json.js";
import { callApplication } from "../base/program-fault.js";

/** A schema of the Standard Schema interface, version 1. */
export interface ClaimsSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
  };
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What decides over the token: a schema may look at it, and not change it. */
const DECIDING = new Set("iss sub aud exp nbf iat jti ver scope scp client_id cnf typ wlcg.ver wlcg.groups".split(" "));

/** @throws {TypeError} */
export function checkClaimsSchema(schema: unknown): ClaimsSchema | undefined {
  if (schema === undefined) return undefined;
  const holder = (typeof schema === "object" && schema !== null) || typeof schema === "function" ? schema : {};
  const standard = (holder as Partial<ClaimsSchema>)["~standard"];
  if (standard?.version === 1 && typeof standard.validate === "function") return schema as ClaimsSchema;
  throw new TypeError("claims: expected a Standard Schema, as those of zod, valibot and ArkType");
}

/**
 * The claims as the schema reads them: what it gives out replaces what the token says, and what it leaves out stays. Its
 * values should be values: plain objects and lists are frozen, live objects are the application's own.
 * @throws {InvalidTokenError} reason `schema`; what the schema itself throws is an error of the program
 */
export async function readBySchema(schema: ClaimsSchema, claims: JsonObject): Promise<JsonObject> {
  const result = await callApplication(() => schema["~standard"].validate(claims));
  if (result.issues !== undefined) throw new InvalidTokenError("schema", `claims: refused at ${where(result.issues)}`);
  if (typeof result.value !== "object" || result.value === null) {
    throw new TypeError("claims: expected a schema of an object");
  }
  for (const [name, value] of Object.entries(result.value)) {
    if (!DECIDING.has(name) || JSON.stringify(value) === JSON.stringify(claims[name])) continue;
    throw new TypeError(`claims: the schema changes '${name}', which decides over the token; leave it as it is`);
  }
  // Equal in JSON is not the same: what decides stays the token's own.
  const others = Object.entries(result.value).filter(([name]) => !DECIDING.has(name));
  return deepFreeze({ ...claims, ...Object.fromEntries(others) });
}

/** The claim, and never the schema's words, nor what is inside the claim: they may hold its value. */
function where(issues: readonly SchemaIssue[]): string {
  const claim = issues[0]?.path?.[0];
  if (claim === undefined) return "the whole";
  return forLog(String(typeof claim === "object" ? claim.key : claim)) ?? "the whole";
}
