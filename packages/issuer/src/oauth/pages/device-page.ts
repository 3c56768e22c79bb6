// Where a person enters the code that a device shows. RFC 8628 3.3, 5.4.
import type { IncomingMessage, ServerResponse } from "node:http";
import { checkMethod } from "../../server/check-method.js";
import { readBody } from "../../server/read-body.js";
import type { OAuthSettings } from "../options.js";
import type { Devices } from "../provider/questions.js";
import { escapeHtml, page, sendPage } from "../html.js";
import { askPage, readAnswer } from "./people.js";

/** Serves the page: GET asks for the code, or with it in the query for an answer; POST takes the answer. */
export async function devicePage(
  request: IncomingMessage,
  response: ServerResponse,
  { devices, settings }: { readonly devices: Devices; readonly settings: OAuthSettings },
): Promise<void> {
  checkMethod(request, ["GET", "HEAD", "POST"]);
  if (request.method !== "POST") {
    const code = new URLSearchParams((request.url ?? "").split("?")[1]).get("user_code") ?? "";
    return ask(response, code, { devices, settings });
  }
  const form = new URLSearchParams((await readBody(request)).toString("utf8"));
  const code = form.get("user_code") ?? "";
  if (!form.has("answer")) return ask(response, code, { devices, settings });
  const user = readAnswer(form, settings);
  if (!(await devices.answer(code, user))) return enterCode(response, code, 404);
  const sentence = user === undefined ? "Nothing was allowed." : "The program has its answer.";
  sendPage(response, 200, page("Done", [sentence, "This page can be closed."]));
}

async function ask(
  response: ServerResponse,
  code: string,
  { devices, settings }: { readonly devices: Devices; readonly settings: OAuthSettings },
): Promise<void> {
  const found = code === "" ? undefined : await devices.find(code);
  if (found === undefined) return enterCode(response, code, code === "" ? 200 : 404);
  sendPage(response, 200, askPage(found, settings, { user_code: code }));
}

function enterCode(response: ServerResponse, code: string, status: number): void {
  const unknown = status === 200 ? "" : "That code is unknown, used, or too old.";
  const form = `<form method="post"><input name="user_code" value="${escapeHtml(code)}" autofocus autocomplete="off"
aria-label="Code"> <button>Go on</button></form>`;
  sendPage(response, status, page("Enter the code that the program shows", [unknown], form));
}
