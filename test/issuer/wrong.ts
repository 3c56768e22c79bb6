// What the types forbid and JavaScript allows: the one place where the tests of this folder get round the types.

/** Lets a test pass a value of a wrong type. */
export function wrong(value: unknown): never {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- on purpose, see above
  return value as never;
}
