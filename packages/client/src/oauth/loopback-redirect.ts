// The port that a browser comes back to, once. RFC 8252 7.3 and 8.3.
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { TokenError } from "../base/errors.js";

export interface RedirectListener {
  /** With the port that was found. */
  readonly redirectUri: string;
  /** Where the browser came back to, with this state: whatever else knocks is sent away. */
  readonly returned: (state: string) => Promise<URL>;
  readonly close: () => void;
}

const PAGE = "You can close this window and go back to your program.\n";

/** @throws {TokenError} `unreachable`: the port is taken */
export async function listenForRedirect(wanted: URL, source: string): Promise<RedirectListener> {
  let listener: RequestListener = (_, response) => void response.writeHead(404).end();
  const server = createServer((request, response) => listener(request, response));
  const host = wanted.hostname.replace(/^\[|\]$/g, "");
  await new Promise<void>((resolve, reject) => {
    server.once("error", () =>
      reject(new TokenError("unreachable", `${source}: the port of ${wanted.href} cannot be opened`, { source })),
    );
    server.listen(wanted.port === "" ? 0 : Number(wanted.port), host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const redirectUri = new URL(wanted.href);
  redirectUri.port = String(port);
  return {
    redirectUri: redirectUri.href,
    returned: (state) =>
      new Promise((resolve) => {
        listener = (request, response) => {
          const { method, url: target = "" } = request;
          const url = URL.canParse(target, redirectUri.href) ? new URL(target, redirectUri.href) : redirectUri;
          const ours = url.origin === redirectUri.origin && url.pathname === redirectUri.pathname;
          if (method !== "GET" || !ours || url.searchParams.get("state") !== state) {
            response.writeHead(404).end();
            return;
          }
          response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "referrer-policy": "no-referrer" });
          response.end(PAGE, () => resolve(url));
        };
      }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
