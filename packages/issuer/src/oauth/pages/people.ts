// What a person is asked, and what comes back: who they are, and yes or no.
import type { OAuthSettings } from "../options.js";
import type { UserSettings } from "../user-options.js";
import type { PendingRequest } from "../provider/questions.js";
import { escapeHtml, page } from "../html.js";

/** The page that asks. */
export function askPage(
  request: PendingRequest,
  settings: OAuthSettings,
  hidden: Readonly<Record<string, string>>,
): string {
  const { clientName, granted } = request;
  const audience = granted.audience.length > 0 ? granted.audience.join(", ") : "any service";
  const fields = Object.entries(hidden).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const users = settings.users.map(
    ({ sub, name }) => `<option value="${escapeHtml(sub)}">${escapeHtml(name)}</option>`,
  );
  const form = `<form method="post">${fields.join("")}
<p><label>You are <select name="user">${users.join("")}</select></label></p>
<button name="answer" value="allow">Allow</button> <button name="answer" value="deny">Deny</button></form>`;
  return page(
    "Allow access?",
    [
      `The program ${clientName} asks for tokens, at: ${audience}.`,
      `They may say: ${granted.scope.join(" ")}`,
      hidden["user_code"] === undefined ? "" : `It shows the code ${hidden["user_code"]}. Another code, or none: deny.`,
    ],
    form,
  );
}

/** The user who allows it, or undefined for a no. */
export function readAnswer(form: URLSearchParams, { users }: OAuthSettings): UserSettings | undefined {
  if (form.get("answer") !== "allow") return undefined;
  return users.find(({ sub }) => sub === form.get("user"));
}
