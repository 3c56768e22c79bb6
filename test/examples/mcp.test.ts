// The example of an MCP server, started as a program and asked in JSON-RPC, as agents do. Rules H3, H7, C5, S4.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleUnderTest } from "../support/run-example.js";
import type { ExampleUnderTest } from "../support/run-example.js";

const AUDIENCE = "https://mcp.example.org/mcp";
const METADATA = "/.well-known/oauth-protected-resource/mcp";

describe("examples/mcp", () => {
  let example: ExampleUnderTest;
  beforeAll(async () => {
    example = await exampleUnderTest("mcp", AUDIENCE);
  });
  afterAll(() => example.stop());

  interface Asked {
    readonly status: number;
    readonly challenge: string | null;
    readonly body: string;
  }

  async function ask(method: string, params: object, raw?: string): Promise<Asked> {
    const headers = {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      ...(raw !== undefined && { Authorization: `Bearer ${raw}` }),
    };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(`${example.url}/mcp`, { method: "POST", headers, body });
    const challenge = response.headers.get("www-authenticate");
    return { status: response.status, challenge, body: await response.text() };
  }

  const call = async (name: string, args: object, claims: object): Promise<Asked> =>
    ask("tools/call", { name, arguments: args }, await example.token(claims));

  it("tells a client without a token where to get one (H7)", async () => {
    const { status, challenge } = await ask("tools/list", {});
    expect(status).toBe(401);
    expect(challenge).toContain(`resource_metadata="https://mcp.example.org${METADATA}"`);
    const document: unknown = await (await fetch(example.url + METADATA)).json();
    expect(document).toMatchObject({ resource: AUDIENCE, authorization_servers: [example.issuer.issuer] });
  });

  it("opens to any good token, and to no other (H3, C5)", async () => {
    expect((await ask("tools/list", {}, await example.token({ scope: "read:/other" }))).body).toContain("list_frames");
    expect((await ask("tools/list", {}, await example.token({ aud: "https://mcp.example.org" }))).status).toBe(401);
    expect((await ask("tools/list", {}, "x.y.z")).status).toBe(401);
    // A token for any server is for nobody in particular: RFC 8707 asks for this one's name.
    expect((await ask("tools/list", {}, await example.token({ aud: "ANY" }))).status).toBe(401);
  });

  it("lets a tool ask for the path that its argument names (S4)", async () => {
    const hanford = { scope: "read:/frames/H1" };
    expect((await call("list_frames", { observatory: "H1" }, hanford)).body).toContain("H-H1_HOFT-1187008882-4096.gwf");
    const refused = await call("list_frames", { observatory: "L1" }, hanford);
    expect(refused.body).toContain("the access token lacks read:/frames/L1");
    expect(refused.body).not.toContain("L-L1_HOFT");
  });

  it("answers by HTTP where a tool always asks for the same (H3)", async () => {
    const good = { sub: "alice", scope: "compute.create" };
    expect((await call("submit_job", { executable: "/bin/true" }, good)).body).toContain("/bin/true for alice");
    const refused = await call("submit_job", { executable: "/bin/true" }, { scope: "read:/frames" });
    expect(refused.status).toBe(403);
    expect(refused.challenge).toMatch(/error="insufficient_scope".*scope="compute.create"/);
    expect(refused.body).not.toContain("submitted");
  });
});
