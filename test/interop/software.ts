// The real software that we are tried with: which Debian packages it comes in, and whether they are here.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** For each package of Debian, the programs that a test runs. */
const PACKAGES = {
  "scitokens-cpp": ["scitokens-verify", "scitokens-create", "scitokens-list-access", "scitokens-test-access"],
  "xrootd-server": ["xrootd"],
  "xrootd-scitokens-plugins": [],
  "xrootd-client": ["xrdfs", "xrdcp"],
  "oidc-agent-cli": ["oidc-agent", "oidc-add", "oidc-gen", "oidc-token"],
  davix: ["davix-get", "davix-put", "davix-rm"],
  curl: ["curl"],
  sqlite3: ["sqlite3"],
  openssl: ["openssl"],
  "python3-jwt": ["/usr/bin/python3"],
  "python3-cryptography": [],
} as const;

/** What the tests themselves need; of no interest in which version. */
const TOOLS: readonly string[] = ["sqlite3", "openssl", "python3-cryptography"];

export type DebianPackage = keyof typeof PACKAGES;

/** The version of an installed package; undefined where it, or one of its programs, is missing. */
export function versionOf(name: DebianPackage): string | undefined {
  const { status, stdout } = spawnSync("dpkg-query", ["-W", "-f", "${Status} ${Version}", name], { encoding: "utf8" });
  const version = status === 0 ? /^install ok installed (\S+)$/.exec(stdout)?.[1] : undefined;
  return PACKAGES[name].every(isProgram) ? version : undefined;
}

export interface Needed {
  readonly isMissing: boolean;
  /** For a title: what is here in which version, or why its tests are skipped. */
  readonly words: string;
}

/** What tests need, for `describe.skipIf(needed.isMissing)(`title (${needed.words})`, ...)`. */
export function need(...packages: readonly DebianPackage[]): Needed {
  const versions = packages.map((name) => ({ name, version: versionOf(name) }));
  const missing = versions.filter(({ version }) => version === undefined).map(({ name }) => name);
  if (missing.length === 0) {
    const named = versions.filter(({ name }) => !TOOLS.includes(name));
    return { isMissing: false, words: named.map(({ name, version }) => `${name} ${version}`).join(", ") };
  }
  const noun = missing.length === 1 ? "package" : "packages";
  return { isMissing: true, words: `skipped: Debian ${noun} ${missing.join(", ")} missing` };
}

function isProgram(program: string): boolean {
  const folders = program.startsWith("/") ? [""] : (process.env["PATH"] ?? "").split(":");
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
