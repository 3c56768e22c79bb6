// A folder of a test file's own, gone when the file's tests have ended.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export interface TemporaryFolder {
  readonly path: string;
  /** Writes a file into it, and says where it is. */
  write(name: string, text: string, mode?: number): string;
  /** Where a file of this name is, or would be. */
  at(name: string): string;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "scitokens-cli-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  const at = (name: string): string => join(path, name);
  return {
    path,
    at,
    write(name, text, mode = 0o600) {
      writeFileSync(at(name), text, { mode });
      return at(name);
    },
  };
}
