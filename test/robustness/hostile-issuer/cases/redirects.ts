// Redirects, which are never followed, wherever they lead. Rule I2.
import { keysCase, metadataCase } from "../case.js";
import type { HostileCase } from "../case.js";
import { answer, redirect } from "../http.js";
import type { Place } from "../issuer.js";

const STATUSES = [301, 302, 303, 307, 308];

const TARGETS: readonly (readonly [string, (place: Place) => string])[] = [
  ["to another path", () => "/elsewhere"],
  ["to another server", ({ elsewhere }) => `${elsewhere.origin}/keys`],
  ["to another name of loopback", ({ elsewhere }) => elsewhere.origin.replace("127.0.0.1", "localhost")],
  ["to itself", ({ issuer }) => `${issuer}/keys`],
  ["without a scheme", ({ elsewhere }) => elsewhere.origin.replace(/^https?:/, "")],
  ["to a file", () => "file:///etc/passwd"],
  ["to data", () => 'data:application/json,{"keys":[]}'],
  ["to what is no URL", () => "http://["],
  ["with a password", ({ elsewhere }) => elsewhere.origin.replace("//", "//user:pass@")],
];

const says = /a redirect, which is not followed/;

export const REDIRECTS: readonly HostileCase[] = [
  ...STATUSES.flatMap((status) => {
    const steps = ({ elsewhere }: Place) => redirect(`${elsewhere.origin}/keys`, status);
    const what = `a ${status} to another server`;
    return [keysCase(what, steps, { says }), metadataCase(what, steps, { says })];
  }),
  ...TARGETS.map(([what, target]) => keysCase(`a redirect ${what}`, (place) => redirect(target(place)), { says })),
  ...TARGETS.map(([what, target]) => metadataCase(`a redirect ${what}`, (place) => redirect(target(place)), { says })),
  keysCase("a redirect without Location", answer("", { status: 302 }), { says }),
  keysCase("a redirect to http", ({ elsewhere }) => redirect(elsewhere.origin.replace("https:", "http:")), {
    says,
    tls: "trusted",
  }),
];
