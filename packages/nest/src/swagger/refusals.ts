// The refusals in an OpenAPI document. They are written into the finished one: a response described at a handler would
// take the place of those that Nest describes by itself. RFC 9457, rules H3, H5.
import { HttpStatus } from "@nestjs/common";
import type { OpenAPIObject } from "@nestjs/swagger";

/** The name of the security scheme in the document. */
export const SCHEME = "scitokens";

/** Where an operation says which scope it needs. */
export const SCOPE = "x-scope";

type Operation = NonNullable<OpenAPIObject["paths"][string]["get"]>;

const text = { type: "string" } as const;
const schema = {
  type: "object",
  required: ["type", "title", "status", "detail", "code", "requestId"],
  properties: { type: text, title: text, status: { type: "integer" }, detail: text, code: text, requestId: text },
};

const refusal = (description: string): NonNullable<Operation["responses"][string]> => ({
  description,
  content: { "application/problem+json": { schema: structuredClone(schema) as typeof schema & { type: "object" } } },
});

/** Adds the scheme, and to each operation that wants a token how it refuses; what the application wrote there stays. */
export function describeRefusals(document: OpenAPIObject): OpenAPIObject {
  document.components ??= {};
  document.components.securitySchemes = {
    [SCHEME]: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "a SciToken or a WLCG token" },
    ...document.components.securitySchemes,
  };
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path) as unknown[])) {
    if (!isProtected(operation)) continue;
    const needed = SCOPE in operation ? `; needed: ${String(operation[SCOPE])}` : "";
    operation.responses[HttpStatus.UNAUTHORIZED] ??= refusal("no access token, or one that was refused");
    operation.responses[HttpStatus.FORBIDDEN] ??= refusal(`the token does not cover the request${needed}`);
  }
  return document;
}

function isProtected(operation: unknown): operation is Operation {
  if (typeof operation !== "object" || operation === null || !("security" in operation)) return false;
  const { security } = operation;
  return (
    Array.isArray(security) && security.some((one: unknown) => typeof one === "object" && one !== null && SCHEME in one)
  );
}
