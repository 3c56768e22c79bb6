// What the system says of a call that failed, as `ENOENT`.

export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
