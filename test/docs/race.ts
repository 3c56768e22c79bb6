// Two requests to one application at the same time, each of which has found nothing in its way before the other acts.
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { rawRequest } from "../support/raw-request.js";
import type { RawRequest } from "../support/raw-request.js";

/** An `exists` that answers when so many have been asked. */
export function answeredTogether<Path>(exists: (path: Path) => Promise<boolean>, number: number): typeof exists {
  let asked = 0;
  let release = (): void => {};
  const together = new Promise<void>((resolve) => (release = resolve));
  return async (path) => {
    const there = await exists(path);
    if (++asked === number) release();
    await together;
    return there;
  };
}

export async function statusesOf(app: RequestListener, requests: readonly RawRequest[]): Promise<readonly number[]> {
  const server = createServer(app).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const answers = await Promise.all(requests.map((request) => rawRequest(port, request)));
  return answers.map(({ status }) => status).toSorted((a, b) => a - b);
}
