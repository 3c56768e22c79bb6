// Which answer a request gets: three documents, one way to a token, and nothing else. RFC 8414 3.1, RFC 9110 15.5.6.
import type { IncomingMessage } from "node:http";
import { documentAt, documentHeaders } from "../issuers/documents.js";
import type { IssuingParty } from "../issuers/issue-token.js";
import { problem, Refusal } from "./answer.js";
import type { Answer } from "./answer.js";
import { checkMethod } from "./check-method.js";
import { issue } from "./issue.js";
import { checkHostHeader } from "./loopback.js";

/** What the routes serve. */
export interface Service extends IssuingParty {
  /** Seconds the documents may be kept. */
  readonly maxAge: number;
}

/** Decides one request; whatever is refused becomes a problem document. */
export async function route(request: IncomingMessage, service: Service): Promise<Answer> {
  try {
    checkHostHeader(request.headers);
    return await find(request, service);
  } catch (error) {
    return problem(error instanceof Refusal ? error : new Refusal(500, "the issuer failed"));
  }
}

async function find(request: IncomingMessage, service: Service): Promise<Answer> {
  const [path = ""] = (request.url ?? "").split("?", 1);
  const { origin } = new URL(service.issuer);
  const document = documentAt(`${origin}${path}`, service.issuer, service.keys);
  if (document !== undefined) {
    checkMethod(request, ["GET", "HEAD"]);
    return { status: 200, headers: documentHeaders(service.maxAge), body: document };
  }
  if (`${origin}${path}` !== `${service.issuer}/issue`) throw new Refusal(404, "nothing is served here");
  checkMethod(request, ["POST"]);
  return issue(request, service);
}
