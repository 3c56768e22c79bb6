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
