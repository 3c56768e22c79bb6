// One contract for every adapter: the same request gets the same answer, byte for byte where it matters. Rules H, R2, R3, R6.
import { afterAll, beforeAll, describe } from "vitest";
import { rawRequest } from "../support/raw-request.js";
import { describeAnswers } from "./answers.js";
import type { Client } from "./client.js";
import { describeConnection } from "./connection.js";
import { describeErrorHandlers } from "./error-handlers.js";
import { describeFailures } from "./failures.js";
import { routes } from "./fixture.js";
import type { Harness, Served } from "./harness.js";
import { describeHeader } from "./header.js";
import { describeMetadata } from "./metadata.js";
import { describeOperations } from "./operations.js";
import { describePaths } from "./paths.js";

/** Holds an adapter to the contract. */
export function describeContract(harness: Harness): void {
  describe(`${harness.name}, as its adapter serves it`, () => {
    let served: Served;
    const client: Client = {
      port: () => served.port,
      send: (request) => rawRequest(served.port, request),
      get: (target, ...lines) => rawRequest(served.port, { target, lines }),
    };
    beforeAll(async () => {
      served = await harness.serve(routes);
    });
    afterAll(() => served.close());

    describeAnswers(client, harness);
    describeFailures(client);
    describeHeader(client);
    describePaths(client, harness);
    describeOperations(client);
    describeConnection(client);
  });

  describe(`${harness.name}, served in other ways`, () => {
    if (harness.errorHandlers) describeErrorHandlers(harness);
    describeMetadata(harness);
  });
}
