// An example of the docs, run as it stands there: with imports of the sources, and what the page takes for granted given to it.

/** By name: what an example has without declaring it, and what it declares. */
export type Names = Readonly<Record<string, unknown>>;

/** The modules that examples import. */
export type Load = (name: string) => Promise<unknown>;

export const loadSources: Load = (name) => import(name) as Promise<unknown>;

/**
 * Runs JavaScript of the docs to its end.
 * @param given what it declares or imports itself is not taken from here
 * @returns what it declares at its top, and what it imports
 */
export async function runDocsExample(code: string, given: Names, load: Load = loadSources): Promise<Names> {
  const body = code
    .replace(/^import (\w+) from "([^"]+)";/gm, 'const { default: $1 } = await load("$2");')
    .replace(/^import (\{[^}]+\}) from "([^"]+)";/gm, (_, what: string, from: string) => {
      return `const ${what.replaceAll(" as ", ": ")} = await load("${from}");`;
    });
  const own = [...declaredIn(body)];
  const names = Object.keys(given).filter((name) => !own.includes(name));
  // The docs are ours: what they say is run as it stands there.
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor;
  const made: unknown = new AsyncFunction("load", ...names, `${body}\nreturn { ${own.join(", ")} };`);
  return (made as (...values: unknown[]) => Promise<Names>)(load, ...names.map((name) => given[name]));
}

function* declaredIn(body: string): Generator<string> {
  for (const [, one, several] of body.matchAll(
    /^(?:const|let|function|async function|class) (?:(\w+)|\{([^}]+)\})/gm,
  )) {
    yield* one === undefined ? [...(several ?? "").matchAll(/\w+(?=\s*(?:,|$))/g)].map(([name]) => name) : [one];
  }
}
