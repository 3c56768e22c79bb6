// Connections that are opened and dropped at every point of a request, while keys are being fetched; and a server's others meanwhile.
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { ContractOptions, ContractRoute, Harness } from "../../contract/harness.js";
import { rawRequest } from "../../support/raw-request.js";
import {
  AUDIENCE,
  createNetwork,
  goodToken,
  ISSUER,
  json,
  JWKS_URL,
  METADATA_URL,
  publish,
} from "../../support/scripted-issuer.js";
import type { Network } from "../../support/scripted-issuer.js";
import { testKey } from "../../support/sign.js";

const key = testKey("ES256", "k1");
const NOW = 1_800_000_000;
const OTHER = "https://other.example.org";
const trust: ContractOptions = { issuer: ISSUER, audience: AUDIENCE, clock: () => NOW };
const tokenOf = (i: number): string => goodToken(key, NOW, { jti: `${i}` });
const head = (first: string, ...lines: readonly string[]): string => [first, "Host: x", ...lines, "", ""].join("\r\n");
const bearer = (raw: string): string => `Authorization: Bearer ${raw}`;

/** What has been sent when the connection is dropped. */
const SENT: readonly ((i: number) => string)[] = [
  () => "",
  () => "GET /slow HTTP/1.1\r\nHost: x\r\nAuthorization: Bea",
  (i) => head("GET /slow HTTP/1.1", bearer(tokenOf(i))).slice(0, -2),
  (i) => head("GET /slow HTTP/1.1", bearer(tokenOf(i))), // it waits for keys
  () => head("GET /slow HTTP/1.1", bearer(tokenOf(-1))), // with the token of others
  (i) =>
    head("PUT /upload HTTP/1.1", bearer(tokenOf(i)), "Content-Type: text/plain", "Content-Length: 100000") +
    "x".repeat(5000),
  (i) =>
    `${head("PUT /upload HTTP/1.1", bearer(tokenOf(i)), "Content-Type: text/plain", "Transfer-Encoding: chunked")}5\r\nhel`,
  () => head("GET /slow HTTP/1.1"), // refused at once, and nobody reads it
  () => head("PUT /upload HTTP/1.1", "Content-Type: text/plain", "Content-Length: 100000"),
  (i) => head("GET /slow HTTP/1.1", bearer(tokenOf(i))).repeat(3), // one after the other
];

const DROPS: readonly ((socket: Socket) => unknown)[] = [
  (socket) => socket.destroy(),
  (socket) => socket.resetAndDestroy(),
  (socket) => socket.end(),
];

const routes = ({ fetch }: Network): readonly ContractRoute[] => [
  { method: "get", path: "/slow", protect: { ...trust, keys: { fetch }, scope: "read:/x" } },
  { method: "put", path: "/upload", protect: { ...trust, keys: { fetch }, scope: "read:/x" } },
  {
    method: "get",
    path: "/other",
    protect: { ...trust, issuer: { issuer: OTHER, jwks: { keys: [key.jwk] } }, scope: "read:/x" },
  },
];

/** Serves with a new issuer, has so many connections dropped, and sees to it that the server is as it was before. */
export async function dropConnections(harness: Harness, count: number): Promise<void> {
  const network = createNetwork();
  publish(network, [key]);
  const { port, close } = await harness.serve(routes(network));
  try {
    const before = openSockets();
    const answers = await dropWhileFetching(port, network, count);
    expect(new Set(answers)).toEqual(new Set([200]));
    // The slow ones, too, now that there are keys; with a token that dropped ones had.
    for (const raw of [tokenOf(-1), tokenOf(3), tokenOf(count)]) {
      const { status } = await rawRequest(port, { target: "/slow", lines: [bearer(raw)] });
      expect(status).toBe(200);
    }
    for (let turn = 0; turn < 500 && openSockets() > before; turn++) await pause(10);
    expect(openSockets()).toBeLessThanOrEqual(before);
    expect([network.asked(METADATA_URL), network.asked(JWKS_URL)]).toEqual([1, 1]);
  } finally {
    await close();
  }
}

/** The statuses of others' requests, before, while and after. */
async function dropWhileFetching(port: number, network: Network, count: number): Promise<readonly number[]> {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  network.answers.set(METADATA_URL, async (init) => {
    await released;
    return json({ issuer: ISSUER, jwks_uri: JWKS_URL })(init);
  });
  const other = async (): Promise<number> => {
    const raw = goodToken(key, NOW, { iss: OTHER, jti: crypto.randomUUID() });
    return (await rawRequest(port, { target: "/other", lines: [bearer(raw)] })).status;
  };
  // Somebody who stays, and waits for the keys.
  const staying = rawRequest(port, { target: "/slow", lines: [bearer(tokenOf(-1))] }).then(({ status }) => status);
  const answers: number[] = [];
  for (let i = 0; i < count; i += 50) {
    const batch = Array.from({ length: Math.min(50, count - i) }, (_, j) => drop(port, i + j));
    const [status] = await Promise.all([other(), ...batch]);
    answers.push(status);
  }
  release();
  answers.push(await staying, await other());
  return answers;
}

async function drop(port: number, i: number): Promise<void> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: false });
  socket.on("error", () => {}); // reset by the other side: it may come first
  await once(socket, "connect");
  const sent = SENT[i % SENT.length]?.(i) ?? "";
  await new Promise<void>((resolve) => void socket.write(sent, () => resolve()));
  await pause(i % 5); // not all in one moment of the request
  socket.resume();
  DROPS[Math.floor(i / SENT.length) % DROPS.length]?.(socket);
  // An end is answered by the server's own, when it has written what it will; a request that waits for keys holds it back.
  if (!socket.destroyed) setTimeout(() => socket.destroy(), 200);
}

const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name.startsWith("TCPSocket")).length;
