// Where a browser comes in the midst of an authorization request. RFC 6749 4.1.1.
import type { IncomingMessage, ServerResponse } from "node:http";
import { checkMethod } from "../../server/check-method.js";
import { readBody } from "../../server/read-body.js";
import type { OAuthSettings } from "../options.js";
import type { Consents } from "../provider/questions.js";
import { page, sendPage } from "../html.js";
import { askPage, readAnswer } from "./people.js";

/** Serves the page: GET asks, or allows at once where everyone is allowed; POST takes the answer. */
export async function consentPage(
  request: IncomingMessage,
  response: ServerResponse,
  { consents, settings }: { readonly consents: Consents; readonly settings: OAuthSettings },
): Promise<void> {
  checkMethod(request, ["GET", "HEAD", "POST"]);
  const found = await consents.find(request, response);
  if (found === undefined) {
    return sendPage(response, 404, page("Not possible", ["The request is gone: begin again in the program."]));
  }
  if (request.method === "POST") {
    const form = new URLSearchParams((await readBody(request)).toString("utf8"));
    return consents.answer(request, response, readAnswer(form, settings));
  }
  if (settings.approve === "everyone") return consents.answer(request, response, settings.users[0]);
  sendPage(response, 200, askPage(found, settings, {}));
}
