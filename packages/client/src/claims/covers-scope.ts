// Whether a token's scope says what is asked: to choose a token, not to decide over one. Rules S2, S4, S6, by the names as
// they are written: which right includes another is known to the server (S5).

/** Whether one of the granted values covers the value that is asked for. */
export function coversScope(granted: readonly string[], asked: string): boolean {
  const wanted = parse(asked);
  return granted.some((value) => value === asked || covers(parse(value), wanted));
}

interface Path {
  readonly segments: readonly string[];
  /** Written with a slash at the end: it covers what is in the folder, and no file of that name (S4). */
  readonly folder: boolean;
}

interface Scope {
  readonly authz: string;
  /** Undefined: the name alone. */
  readonly path: Path | undefined;
}

/** An opaque value, or one that no server takes: it covers nothing but its own text. */
const OPAQUE: Scope = { authz: "", path: undefined };

function covers(granted: Scope, asked: Scope): boolean {
  if (granted === OPAQUE || asked.path === undefined || granted.authz !== asked.authz) return false;
  if (granted.path === undefined) return !needsPath(granted.authz);
  const [above, below] = [granted.path, asked.path];
  if (!above.segments.every((segment, i) => segment === below.segments[i])) return false;
  return !above.folder || below.folder || below.segments.length > above.segments.length;
}

/** Names that mean nothing without a path (S2). */
function needsPath(authz: string): boolean {
  return /^(?:read|write|condor|storage\..*)$/s.test(authz);
}

function parse(value: string): Scope {
  const colon = value.indexOf(":");
  if (colon === -1) return { authz: value, path: undefined };
  const path = value[colon + 1] === "/" ? parsePath(value.slice(colon + 1)) : undefined;
  return path === undefined ? OPAQUE : { authz: value.slice(0, colon), path };
}

function parsePath(text: string): Path | undefined {
  const segments = decode(text);
  if (segments === undefined || segments.some((segment) => segment === ".." || /[/\\]/.test(segment))) return undefined;
  const last = segments.at(-1);
  return {
    segments: segments.filter((segment) => segment !== "" && segment !== "."),
    folder: last === "" || last === ".",
  };
}

function decode(text: string): readonly string[] | undefined {
  try {
    return text.split("/").map(decodeURIComponent);
  } catch {
    return undefined; // a bad escape
  }
}
