// Runs the one pnpm that this project is tried with, on a machine that has only Node and npm: node scripts/pnpm.mjs install
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
// Not package.json's packageManager: pnpm would look for itself in the registry at every install.
const packageManager = "pnpm@12.21.0";

/** Runs pnpm with these arguments; ends this process with its exit code if it fails. */
export function pnpm(...args) {
  run("npx", "--yes", packageManager, ...args);
}

export function run(command, ...args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) pnpm(...process.argv.slice(2));
