// How the rows of the contract reach the server under test.
import type { RawRequest, RawResponse } from "../support/raw-request.js";

export interface Client {
  port(): number;
  send(request: RawRequest): Promise<RawResponse>;
  get(target: string, ...lines: readonly string[]): Promise<RawResponse>;
}
