// Where the issuer's name leads to: some worker nodes have IPv6 alone, some IPv4 alone.
import type { Finding } from "./finding.js";

export interface Address {
  readonly address: string;
  readonly family: number;
}

export function judgeAddresses(addresses: readonly Address[]): readonly Finding[] {
  const subject = "network";
  const families = ([4, 6] as const).filter((family) => addresses.some((address) => address.family === family));
  const [only] = families;
  if (only === undefined) {
    return [{ subject, level: "fail", message: "the host name has no address", advice: "ask the DNS (`host NAME`)" }];
  }
  if (families.length === 2) return [{ subject, level: "ok", message: "has addresses of IPv4 and of IPv6" }];
  const other = only === 4 ? 6 : 4;
  return [
    { subject, level: "ok", message: `has addresses of IPv${only} alone: machines with IPv${other} only need a way` },
  ];
}
