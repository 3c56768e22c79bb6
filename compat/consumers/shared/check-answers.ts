// What every protected service must answer, asked over the wire: 200, 401 twice and 403, each with its challenge. Rule H3.
import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createTestIssuer } from "@scitokens/issuer";
import type { TestIssuer } from "@scitokens/issuer";

export const audience = "https://data.example.org";

/** Who a route trusts; the same words in every adapter. */
export interface Trust {
  readonly audience: string;
  readonly issuer: { readonly issuer: string; readonly jwks: { readonly keys: readonly object[] } };
}

/** Serves on loopback what `make` makes for an issuer, and asks `/data`, which wants read:/data and answers with the subject. */
export async function checkService(make: (trust: Trust) => RequestListener | Promise<RequestListener>): Promise<void> {
  const issuer = await createTestIssuer();
  const listener = await make({ audience, issuer: { issuer: issuer.issuer, jwks: issuer.jwks } });
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await checkAnswers(server, issuer);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function checkAnswers(server: Server, issuer: TestIssuer): Promise<void> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data`;
  const bearer = async (scope: string): Promise<RequestInit> => ({
    headers: { Authorization: `Bearer ${await issuer.token({ sub: "alice", aud: audience, scope })}` },
  });

  const good = await fetch(url, await bearer("read:/data"));
  assert.deepEqual([good.status, await good.json()], [200, { subject: "alice" }]);
  const cases = [
    [{}, 401, 'Bearer realm="scitokens", scope="read:/data"'],
    [{ headers: { Authorization: "Bearer a.b.c" } }, 401, 'Bearer realm="scitokens", error="invalid_token"'],
    [await bearer("read:/other"), 403, 'Bearer realm="scitokens", error="insufficient_scope", scope="read:/data"'],
  ] as const;
  for (const [request, status, challenge] of cases) {
    const answer = await fetch(url, request);
    await answer.body?.cancel();
    assert.deepEqual([answer.status, answer.headers.get("www-authenticate")], [status, challenge]);
  }
}

/** Ends this process with what the check says. */
export function report(checked: Promise<void>): void {
  checked.then(
    () => process.exit(0),
    (fault: unknown) => {
      console.error(fault);
      process.exit(1);
    },
  );
}
