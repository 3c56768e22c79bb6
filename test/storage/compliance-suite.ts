// The compliance tests of WLCG's tokens in storage as data, and how they are replayed: tokens minted, requests sent as they are.
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { rawRequest } from "../support/raw-request.js";
import type { RawResponse } from "../support/raw-request.js";
import { ISSUER, NOW, tokenOf } from "../support/static-issuer.js";
import { root } from "../structure/sources.js";

interface TokenRequest {
  readonly scope: string;
  readonly audience: readonly string[] | null;
}

export interface Step {
  readonly tokenRequest: TokenRequest;
  readonly http: {
    readonly method: string;
    readonly path: string;
    readonly body?: string;
    /** Twice the same line, as some of the suite's keywords send. */
    readonly duplicateAuthorization?: true;
  };
  readonly expectedStatus: readonly number[] | "<400" | "2xx";
  readonly expectedBodyContains?: string;
  readonly profileExpectedStatus?: readonly number[];
  readonly when?: string;
}

export interface Case {
  readonly id: string;
  readonly name: string;
  readonly disabled?: true;
  readonly precondition: readonly Step[];
  readonly assertions: readonly Step[];
  readonly teardown?: readonly Step[];
}

interface Suite {
  readonly source: { readonly active: number };
  readonly suiteSetup: readonly Step[];
  readonly cases: readonly Case[];
}

export const SUITE = JSON.parse(readFileSync(`${root}test/conformance/vectors/wlcg-compliance.json`, "utf8")) as Suite;

export interface Answered extends RawResponse {
  readonly step: Step;
}

/** Where a suite runs: its own names are made new. */
export class Run {
  readonly #port: number;
  readonly #area: string;
  readonly #suite: string = randomUUID();

  /** @param area the path of the VO's area */
  constructor(port: number, area: string) {
    this.#port = port;
    this.#area = area;
  }

  /** What the server answers to each step that is due. */
  async replay(steps: readonly Step[], uuid: string): Promise<readonly Answered[]> {
    const answered: Answered[] = [];
    for (const step of steps) {
      const isDue = step.when === undefined || step.when === String(answered.at(-1)?.status);
      if (isDue) answered.push({ step, ...(await this.#send(step, uuid)) });
    }
    return answered;
  }

  async #send({ tokenRequest, http }: Step, uuid: string): Promise<RawResponse> {
    const fill = (text: string): string =>
      text
        .replaceAll("{suiteUuid}", this.#suite)
        .replaceAll("{uuid}", uuid)
        .replaceAll("{uuidMinusLastChar}", uuid.slice(0, -1))
        .replaceAll("{endpoint}", `http://127.0.0.1:${this.#port}`)
        .replaceAll("{anyFile}", "some bytes");
    const line = `Authorization: Bearer ${mint({
      scope: fill(tokenRequest.scope),
      audience: tokenRequest.audience?.map(fill) ?? null,
    })}`;
    const { method, path, body, duplicateAuthorization } = http;
    const sent = body === undefined ? {} : { body: fill(body) };
    return rawRequest(this.#port, {
      method,
      target: this.#area + fill(path),
      lines: duplicateAuthorization === true ? [line, line] : [line],
      ...sent,
    });
  }
}

/** As the suite's issuer does it: groups that are asked for become a claim, and the default one is always among them. */
function mint({ scope, audience }: TokenRequest): string {
  const values = scope.split(" ");
  const asked = values.filter((value) => /^wlcg\.groups(:|$)/.test(value));
  const groups = asked.flatMap((value) => value.split(":")[1] ?? []);
  const claim = asked.length === 0 ? {} : { "wlcg.groups": [...new Set([...groups, "/wlcg"])] };
  const capabilities = values.filter((value) => !asked.includes(value)).join(" ");
  const aud = audience ?? "https://wlcg.cern.ch/jwt/v1/any";
  return tokenOf("wlcg", { iss: ISSUER, iat: NOW, nbf: NOW, aud, scope: capabilities, ...claim });
}

export function isExpected(status: number, expected: Step["expectedStatus"]): boolean {
  if (expected === "<400") return status < 400;
  return expected === "2xx" ? status >= 200 && status < 300 : expected.includes(status);
}
