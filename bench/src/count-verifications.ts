// How often node:crypto verifies a signature: counted where the core has it from, the one object that all modules share.
import crypto from "node:crypto";

export interface VerificationCount {
  readonly count: number;
  stop(): void;
}

export function countVerifications(): VerificationCount {
  const { verify } = crypto;
  let count = 0;
  crypto.verify = new Proxy(verify, {
    apply(target, self, given) {
      count += 1;
      return Reflect.apply(target, self, given) as unknown;
    },
  });
  return {
    get count() {
      return count;
    },
    stop() {
      crypto.verify = verify;
    },
  };
}
