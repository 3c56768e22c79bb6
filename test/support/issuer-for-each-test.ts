// A scripted issuer that every test of a file has for itself: its network and clock are new, and so are its enforcers'.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, EnforcerOptions } from "@scitokens/core";
import { beforeEach } from "vitest";
import { AUDIENCE, createClock, createNetwork, ISSUER, publish } from "./scripted-issuer.js";
import type { Network, TestClock } from "./scripted-issuer.js";

export interface IssuerForEachTest {
  /** The network of the test that runs. */
  readonly network: Network;
  /** The clock of the test that runs. */
  readonly clock: TestClock;
  /** An enforcer on both, that trusts ISSUER for AUDIENCE unless these options say otherwise. */
  readonly enforcerOf: (more?: Partial<EnforcerOptions>) => Enforcer;
}

/** Publishes these keys before each test; where there are none, nothing. */
export function issuerForEachTest(...keys: readonly unknown[]): IssuerForEachTest {
  let network = createNetwork();
  let clock = createClock();

  beforeEach(() => {
    network = createNetwork();
    clock = createClock();
    if (keys.length > 0) publish(network, keys);
  });

  return {
    network: currentNetwork(() => network),
    clock: currentClock(() => clock),
    enforcerOf: (more = {}) => {
      const options = { issuer: ISSUER, audience: AUDIENCE, clock: clock.read, ...more };
      return createEnforcer({ ...options, keys: { fetch: network.fetch, ...more.keys } });
    },
  };
}

// What is taken from them, such as fetch and read, stays its test's own: what an earlier test left going is not seen.

const currentNetwork = (current: () => Network): Network => ({
  get fetch() {
    return current().fetch;
  },
  get answers() {
    return current().answers;
  },
  get requests() {
    return current().requests;
  },
  asked: (url) => current().asked(url),
});

const currentClock = (current: () => TestClock): TestClock => ({
  get now() {
    return current().now;
  },
  set now(seconds) {
    current().now = seconds;
  },
  get read() {
    return current().read;
  },
});
