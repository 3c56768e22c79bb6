// What can go wrong with a path or a disk, as the status it is answered with. RFC 4918 9, RFC 9110 15.

/** Thrown wherever a request cannot be carried out. */
export class Failure extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`to be answered with ${status}`);
    this.status = status;
  }
}

/** 409: the path is not, or no longer, what the request takes it for. */
const CODES: ReadonlyMap<number, readonly string[]> = new Map([
  [400, ["EILSEQ", "EINVAL"]],
  [403, ["EACCES", "EPERM", "EROFS"]],
  [409, ["ENOENT", "ENOTDIR", "ELOOP", "EEXIST", "ENOTEMPTY", "EISDIR", "EBUSY"]],
  [413, ["EFBIG"]],
  [414, ["ENAMETOOLONG"]],
  [503, ["EMFILE", "ENFILE"]],
  [507, ["ENOSPC", "EDQUOT", "EMLINK"]],
]);

/** Undefined for what nobody has foreseen. */
export function statusOf(error: unknown): number | undefined {
  if (error instanceof Failure) return error.status;
  const code = codeOf(error);
  return [...CODES].find(([, codes]) => codes.includes(code))?.[0];
}

/** For `catch`: undefined where a name leads to nothing, or to nothing of the kind that was asked for. */
export function unlessMissing(error: unknown): undefined {
  if (["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"].includes(codeOf(error))) return undefined;
  throw error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
