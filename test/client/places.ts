// Tokens, and a world of one's own to find them in: folders, variables, warnings. Nothing outside a test's own folder.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DiscoveryOptions } from "@scitokens/client";
import { onTestFinished } from "vitest";

export const NOW = 1_800_000_000;
/** This user; 1000 where the system has none. */
export const UID: number = process.geteuid?.() ?? 1000;
export const isRoot: boolean = UID === 0;

/** A JWT that nobody has signed: a client verifies none. */
export function jwt(claims: Readonly<Record<string, unknown>> = {}): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "ES256", kid: "k" })}.${encode({ exp: NOW + 600, ...claims })}.c2lnbmF0dXJl`;
}

export interface World {
  /** An empty folder of this test. */
  readonly folder: string;
  readonly warnings: string[];
  readonly options: DiscoveryOptions;
  /** Writes a file below the folder, with mode 0600 unless told otherwise; gives its path. */
  write(name: string, content: string | Uint8Array, mode?: number): string;
  /** `bt_u$ID` of the temporary folder or of another one. */
  tokenFileName(folder?: string): string;
}

/** `env` may name files below the folder by `{}`. */
export function world(env: Readonly<Record<string, string | undefined>> = {}, uid: number = UID): World {
  const folder = mkdtempSync(join(tmpdir(), "scitokens-client-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const temporaryFolder = join(folder, "tmp");
  mkdirSync(temporaryFolder);
  const warnings: string[] = [];
  const filled = Object.entries(env).map(([name, value]) => [name, value?.replaceAll("{}", folder)] as const);
  return {
    folder,
    warnings,
    options: {
      env: Object.fromEntries(filled),
      uid,
      temporaryFolder,
      clock: () => NOW,
      onWarning: (sentence) => void warnings.push(sentence),
    },
    write(name, content, mode = 0o600) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      chmodSync(path, mode);
      return path;
    },
    tokenFileName: (inside = "tmp") => join(inside, `bt_u${uid}`),
  };
}
