// An issuer without a network, for one side of a conversation: it notes what it is asked, and answers what a test has laid out.
import { TokenError } from "@scitokens/client";

export const ISSUER = "https://issuer.test/vo1";
export const NOW = 1_800_000_000;
export const CLIENT = { issuer: ISSUER, clientId: "robot", clientSecret: "client-secret-0123", clock: () => NOW };

/** One request to the token endpoint, or to the device authorization endpoint. */
export interface Asked {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

/** A status and a body; an Error is thrown as by a network that is down. */
export type Answer = readonly [status: number, body: unknown, headers?: Record<string, string>] | Error;

export interface StandIn {
  readonly fetch: typeof fetch;
  readonly asked: readonly Asked[];
  /** The paths of documents that were fetched. */
  readonly documents: readonly string[];
}

export const METADATA = {
  issuer: ISSUER,
  token_endpoint: `${ISSUER}/token`,
  device_authorization_endpoint: `${ISSUER}/device`,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
};

export const token = (more: object = {}): Answer => [
  200,
  { access_token: "the-access-token-0123", token_type: "Bearer", expires_in: 600, ...more },
];
export const refusal = (error: string, description?: string): Answer => [
  400,
  { error, ...(description === undefined ? {} : { error_description: description }) },
];
export const device = (more: object = {}): Answer => [
  200,
  {
    device_code: "the-device-code-0123",
    user_code: "ABCD-EFGH",
    verification_uri: `${ISSUER}/confirm`,
    expires_in: 300,
    interval: 5,
    ...more,
  },
];

/** Gives the answers in turn; the last one again and again. Documents are looked up by their path. */
export function standIn(
  answers: readonly Answer[],
  documents: Readonly<Record<string, Answer>> = { "/vo1/.well-known/openid-configuration": [200, METADATA] },
): StandIn {
  const asked: Asked[] = [];
  const fetched: string[] = [];
  const left = [...answers];
  return {
    asked,
    documents: fetched,
    fetch: async (input, init) => {
      const url = new URL(String(input instanceof Request ? input.url : input));
      if (init?.method !== "POST") {
        fetched.push(url.pathname);
        return respond(documents[url.pathname] ?? [404, {}]);
      }
      const headers = new Headers(init.headers);
      const form = new URLSearchParams(
        String(init.body instanceof URLSearchParams ? init.body : (init.body as string)),
      );
      asked.push({ path: url.pathname, form, authorization: headers.get("authorization") ?? undefined });
      const answer = left.length > 1 ? left.shift() : left[0];
      return respond(answer ?? [500, {}]);
    },
  };
}

export function respond(answer: Answer): Response {
  if (answer instanceof Error) throw answer;
  const [status, body, headers = {}] = answer;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(status === 204 ? null : text, {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** The error that a promise was rejected with: a TokenError's code and message, or `none`. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<{ readonly code: string; readonly message: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof TokenError) return error;
    throw error;
  }
  return { code: "none", message: "nothing was thrown" };
}
