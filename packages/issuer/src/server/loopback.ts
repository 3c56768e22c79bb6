// Who may talk to an issuer that signs anything: this machine, and no web page. RFC 6761 6.3, Fetch standard 3.2, Fetch Metadata 2.4.
import type { IncomingHttpHeaders } from "node:http";
import { isIPv4 } from "node:net";
import { OptionError } from "../options.js";
import { Refusal } from "./answer.js";

const LOOPBACK_AUTHORITY = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** Narrows the option `host` to a loopback address or name. */
export function checkLoopbackHost(host: unknown): string {
  if (host === "localhost" || host === "::1") return host;
  if (typeof host === "string" && isIPv4(host) && host.startsWith("127.")) return host;
  throw new OptionError(
    "host must be a loopback address (127.0.0.1, ::1, localhost): the development issuer signs any token for whoever can reach it",
  );
}

/** Refuses a Host that is no loopback name: a page whose name was rebound to 127.0.0.1 sends its own. */
export function checkHostHeader({ host }: IncomingHttpHeaders): void {
  if (host !== undefined && LOOPBACK_AUTHORITY.test(host)) return;
  throw new Refusal(421, "the Host header must name this machine: 127.0.0.1, [::1] or localhost");
}

/** Refuses what a page of another origin makes a browser send to a server of `scheme`. */
export function checkSameOrigin(headers: IncomingHttpHeaders, scheme: "http" | "https"): void {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"] ?? "none";
  const ownOrigin = origin === undefined || origin.toLowerCase() === `${scheme}://${host ?? ""}`.toLowerCase();
  if (ownOrigin && (site === "same-origin" || site === "none")) return;
  throw new Refusal(403, "tokens are not issued to web pages of another origin");
}
