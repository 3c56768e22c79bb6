// The file that a refresh token lives in from run to run: read at the start, and rewritten whenever the issuer rotates it.
import { existsSync } from "node:fs";
import { Option } from "../command.js";
import type { Io } from "../io.js";
import { writeNewFile } from "../key-files/write-new-file.js";
import { readSecret } from "./read-secret.js";

export const refreshFileOption = (): Option =>
  new Option(
    "--refresh-token-file <file>",
    "the file that keeps the refresh token, so that nobody is asked again (mode 0600)",
  );

export interface RefreshFile {
  /** Undefined where there is no file yet. */
  readonly refreshToken: string | undefined;
  readonly onRefreshToken: ((refreshToken: string) => Promise<void>) | undefined;
}

export async function openRefreshFile(io: Io, file: string | undefined): Promise<RefreshFile> {
  if (file === undefined) return { refreshToken: undefined, onRefreshToken: undefined };
  const refreshToken = existsSync(file) ? await readSecret(io, { file }) : undefined;
  return {
    refreshToken,
    onRefreshToken: (text) => writeNewFile({ path: file, text: `${text}\n`, isPrivate: true }, true),
  };
}
