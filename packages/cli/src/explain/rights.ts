// The names of rights as advice needs them: what else one may be called, and how a token spells it. Rules S3, S5.

const WLCG_NAMES: Readonly<Record<string, string>> = {
  read: "storage.read",
  write: "storage.modify",
  modify: "storage.modify",
  create: "storage.create",
  stage: "storage.stage",
  poll: "storage.poll",
};

/** Rights that people take for one another, in both vocabularies. */
export const STORAGE_RIGHTS: readonly string[] = [
  "read",
  "write",
  "create",
  "modify",
  "stage",
  "storage.read",
  "storage.create",
  "storage.modify",
  "storage.stage",
];

const KNOWN_RIGHTS = [
  ...STORAGE_RIGHTS,
  "poll",
  "storage.poll",
  "compute.read",
  "compute.create",
  "compute.modify",
  "compute.cancel",
  "condor",
  "queue",
];

/**
 * The right that was meant by a name that is none, as far as spelling tells; undefined where it is one.
 * @param held what the token calls its own rights: they may be a site's
 */
export function meantRight(authz: string, held: readonly string[]): string | undefined {
  const known = [...held, ...KNOWN_RIGHTS];
  if (known.includes(authz)) return undefined;
  const name = authz.toLowerCase();
  return known.find((one) => one.toLowerCase() === name) ?? known.find((one) => isOneSlipAway(name, one));
}

/** One letter more, less or another, or two that have changed places. */
function isOneSlipAway(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 4) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [left, right] = [a.slice(start), b.slice(start)];
  const swapped = `${left[1] ?? ""}${left[0] ?? ""}${left.slice(2)}`;
  return left.slice(1) === right || left === right.slice(1) || left.slice(1) === right.slice(1) || swapped === right;
}

/** Whether two names mean one right, each in its own vocabulary. */
export function isSameRight(a: string, b: string): boolean {
  return a !== b && (WLCG_NAMES[a] ?? a) === (WLCG_NAMES[b] ?? b);
}

export interface Asked {
  readonly authz: string;
  /** Decoded; undefined: the capability itself. */
  readonly path: string | undefined;
}

/** The scope that a token of this profile needs for what is asked, as it is written in a token. */
export function scopeFor({ authz, path }: Asked, profile: string | undefined, basePaths: readonly string[]): string {
  const name = profile === "wlcg" ? (WLCG_NAMES[authz] ?? authz) : authz;
  return path === undefined ? name : `${name}:${encodePath(belowBase(path, basePaths))}`;
}

function belowBase(path: string, basePaths: readonly string[]): string {
  const base = basePaths
    .map((one) => one.replace(/\/+$/, ""))
    .find((one) => path === one || path.startsWith(`${one}/`));
  return base === undefined ? path : path.slice(base.length) || "/";
}

function encodePath(path: string): string {
  const encode = (segment: string): string =>
    encodeURIComponent(segment).replace(/%(?:3A|40|2B|3D|2C)/g, (escape) => decodeURIComponent(escape));
  return path.split("/").map(encode).join("/");
}
