// RSA keys of a library whose primes can be guessed: a 2048-bit one has been factored from its public half. CVE-2017-15361
// (ROCA), rule I10.

/** The primes modulo which not every number is a power of 65537. */
const PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

const POWERS: ReadonlyMap<number, ReadonlySet<number>> = new Map(PRIMES.map((prime) => [prime, powers(prime)]));

/**
 * Whether a modulus has the mark of that library: its primes, and so their product, are powers of 65537 modulo each small
 * prime. Of other moduli one in 200 million has it by chance.
 */
export function hasGuessablePrimes(modulus: Uint8Array): boolean {
  return PRIMES.every((prime) => POWERS.get(prime)?.has(residue(modulus, prime)));
}

function residue(bigEndian: Uint8Array, prime: number): number {
  let rest = 0;
  for (const byte of bigEndian) rest = (rest * 256 + byte) % prime;
  return rest;
}

function powers(prime: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (let power = 1; !found.has(power); power = (power * 65_537) % prime) found.add(power);
  return found;
}
