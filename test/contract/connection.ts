// Rows of the contract: a refusal does not wait for a body, and leaves the connection in order. RFC 9112 9.3, RFC 9110 10.1.1.
import { connect } from "node:net";
import { once } from "node:events";
import { expect, it } from "vitest";
import type { Client } from "./client.js";
import { bearer, T, token } from "./fixture.js";

/** Sends bytes and says what has come when `until` is in it; the connection stays open till then. */
async function exchange(port: number, sent: string, until: RegExp): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(sent);
  let received = "";
  while (!until.test(received)) {
    const [chunk] = (await once(socket, "data", { signal: AbortSignal.timeout(5000) })) as [Buffer];
    received += chunk.toString("latin1");
  }
  socket.destroy();
  return received;
}

const head = (first: string, ...lines: readonly string[]): string =>
  [first, "Host: localhost", ...lines, "", ""].join("\r\n");

export function describeConnection({ port, send }: Client): void {
  it("refuses an upload before its body has come (H3)", async () => {
    const upload = head("PUT /upload HTTP/1.1", "Content-Type: text/plain", "Transfer-Encoding: chunked");
    expect(await exchange(port(), `${upload}5\r\nhello\r\n`, /^HTTP\/1.1 \d/)).toMatch(/^HTTP\/1.1 401 /);
    const poor = head("PUT /upload HTTP/1.1", bearer(T.replace(/.$/, "")), "Content-Length: 1000000");
    expect(await exchange(port(), poor, /^HTTP\/1.1 \d/)).toMatch(/^HTTP\/1.1 401 /);
  });

  it("answers finally, without the body, where the client waits for leave to send it (H3)", async () => {
    const upload = head("PUT /upload HTTP/1.1", "Expect: 100-continue", "Content-Length: 1000000");
    expect(await exchange(port(), upload, /HTTP\/1.1 [2-5]/)).toMatch(
      /^(HTTP\/1.1 100 Continue\r\n\r\n)?HTTP\/1.1 401 /,
    );
  });

  it("lets a good upload through", async () => {
    const lines = [bearer(token("write:/scratch")), "Content-Type: text/plain", "Content-Length: 0"];
    expect((await send({ method: "PUT", target: "/upload", lines })).status).toBe(200);
  });

  it("goes on over the same connection after a refusal (H3)", async () => {
    const refused = head("GET /data HTTP/1.1");
    const good = head("GET /data HTTP/1.1", bearer(T));
    const answers = await exchange(port(), refused + good, /"reached":true/);
    expect(answers).toMatch(/^HTTP\/1.1 401 [\s\S]*HTTP\/1.1 200 /);
  });

  it("guards HEAD and OPTIONS like any other method (H3)", async () => {
    for (const [method, target] of [
      ["HEAD", "/head"],
      ["HEAD", "/data"],
      ["OPTIONS", "/options"],
    ] as const) {
      const refused = await send({ method, target });
      expect([method, refused.status]).toEqual([method, 401]);
      expect(refused.headers["www-authenticate"]).toBe('Bearer realm="scitokens", scope="read:/data"');
      if (method === "HEAD") expect(refused.body).toBe("");
      expect((await send({ method, target, lines: [bearer(T)] })).status).toBe(200);
    }
  });
}
