// The door to oidc-provider: loaded when an issuer starts, not before, and without its word about Node 20.

/** The library. */
export type Library = typeof import("oidc-provider");

const ABOUT_NODE = "oidc-provider WARNING: Unsupported runtime.";

let loading: Promise<Library> | undefined;

/** Loads the library, once. */
export function loadLibrary(): Promise<Library> {
  loading ??= loadQuietly();
  return loading;
}

// While it loads it warns of Node 20, which it is tested with here, and no setting of it stops that.
/* oxlint-disable no-console -- nothing is printed here, one sentence is not */
async function loadQuietly(): Promise<Library> {
  const { warn } = console;
  const filter = (...words: readonly unknown[]): void => {
    if (!String(words[0]).includes(ABOUT_NODE)) warn.apply(console, [...words]);
  };
  console.warn = filter;
  try {
    return await import("oidc-provider");
  } finally {
    if (console.warn === filter) console.warn = warn;
  }
}
