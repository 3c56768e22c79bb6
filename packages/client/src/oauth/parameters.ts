// A token request as parameters of the token endpoint. RFC 6749 3.3, RFC 8693 2.1, RFC 8707 2, interop 8.
import type { ReadRequest } from "../base/token-request.js";
import type { AudienceStyle } from "./options.js";

/** `scope`, `audience` and `resource`, as far as they are asked for. */
export function tokenParameters(request: ReadRequest, style: AudienceStyle): URLSearchParams {
  const parameters = targetParameters(request, style);
  if (request.scope.length > 0) parameters.set("scope", request.scope.join(" "));
  return parameters;
}

/** `audience` and `resource` alone: a device code has its scope already. */
export function targetParameters({ audience, resource }: ReadRequest, style: AudienceStyle): URLSearchParams {
  const parameters = new URLSearchParams();
  if (style === "space-separated" && audience.length > 0) parameters.set("audience", joined(audience));
  if (style === "repeated") for (const one of audience) parameters.append("audience", one);
  if (style === "resource") for (const one of audience) parameters.append("resource", one);
  for (const one of resource) parameters.append("resource", one);
  return parameters;
}

function joined(audience: readonly string[]): string {
  if (audience.some((one) => /\s/.test(one))) {
    throw new TypeError("audience must hold no white space where audiences are separated by it: give a list");
  }
  return audience.join(" ");
}
