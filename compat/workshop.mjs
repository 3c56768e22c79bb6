// Where the consumers live while they are tried: one temporary folder, tools fetched once, two programs at a time.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPackages } from "../scripts/pack.mjs";
import { packTarballs } from "./tarballs.mjs";

const templates = fileURLToPath(new URL("consumers/", import.meta.url));

/** Runs a program to its end; what it printed is for the person who looks into a failure. */
export function execute(command, args, { cwd, env, timeout = 300_000 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, timeout });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ ok: false, output: String(error) }));
    child.on("close", (code, signal) => {
      const end = signal === null ? "" : `\nended by ${signal}`;
      resolve({ ok: code === 0, output: (output + end).trim() });
    });
  });
}

/** Does all of it, as many at a time as there are processors; results in the order of the jobs. */
export async function inParallel(jobs, work) {
  const results = [];
  const waiting = [...jobs.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, job] = next;
      results[index] = await work(job);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/** A temporary folder with the tarballs of these packages (none: all), and what else is asked of it, each made once. */
export function openWorkshop(chosen) {
  const folder = mkdtempSync(join(tmpdir(), "scitokens-compat-"));
  const tarballs = packTarballs(join(folder, "tarballs"), chosen);
  const made = new Map();
  const once = (name, make) => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name);
  };
  let installing = Promise.resolve();
  /** One npm at a time: they share a cache, and the network. */
  const install = async (at, packages) => {
    const args = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel", "error", ...packages];
    const run = installing.then(() => execute("npm", args, { cwd: at, timeout: 600_000 }));
    installing = run;
    const { ok, output } = await run;
    if (!ok) throw new Error(`npm install in ${at}:\n${output}`);
  };

  return {
    folder,
    close: () => rmSync(folder, { recursive: true, force: true }),

    /** The folder of a tool, as `typescript@5.5.4`. */
    tool: (...packages) =>
      once(`tool ${packages}`, async () => {
        const at = join(folder, "tools", packages.join("+").replaceAll(/[@/]/g, "-"));
        mkdirSync(at, { recursive: true });
        writeFileSync(join(at, "package.json"), '{ "private": true }');
        await install(at, packages);
        return at;
      }),

    /** A consumer with the packages it needs installed, and its sources once as ES modules and once as CommonJS. */
    consumer: (name) =>
      once(`consumer ${name}`, async () => {
        const { manifest, consumes, sources } = readTemplate(name);
        const at = join(folder, name);
        mkdirSync(at, { recursive: true });
        writeFileSync(join(at, "package.json"), JSON.stringify(manifest));
        await install(at, tarballs.needed(["issuer", ...consumes]));
        for (const [format, type] of Object.entries({ esm: "module", cjs: "commonjs" })) {
          mkdirSync(join(at, format));
          writeFileSync(join(at, format, "package.json"), JSON.stringify({ private: true, type }));
          for (const from of ["shared", sources]) {
            for (const file of typescriptFiles(from)) cpSync(join(templates, from, file), join(at, format, file));
          }
        }
        return at;
      }),

    /** A project that is copied as it stands, with all packages installed that it needs. */
    project: (template, packages) =>
      once(`project ${template}`, async () => {
        const at = join(folder, template.split("/").at(-1));
        cpSync(fileURLToPath(new URL(template, import.meta.url)), at, { recursive: true });
        await install(at, tarballs.needed(packages));
        return at;
      }),
  };
}

/** A consumer's manifest. One with an older framework says in it what it consumes, and whose sources it takes. */
function readTemplate(name) {
  const { compat = {}, ...manifest } = JSON.parse(readFileSync(join(templates, name, "package.json"), "utf8"));
  return { manifest, consumes: compat.consumes ?? [name], sources: compat.sources ?? name };
}

function typescriptFiles(name) {
  return readdirSync(join(templates, name)).filter((file) => file.endsWith(".ts"));
}

/**
 * The consumers of these packages (none: of all that there are), and the programs of each.
 * @throws {Error} for a package that has none
 */
export function findConsumers(chosen) {
  const wanted = chosen.length > 0 ? chosen : findPackages().map(({ folder }) => folder);
  const found = readdirSync(templates)
    .filter((name) => existsSync(join(templates, name, "package.json")))
    .map((name) => {
      const { consumes, sources } = readTemplate(name);
      // What a file's name begins with says how its decorators are meant.
      const programs = typescriptFiles(sources).filter((file) => /^(service|legacy|tc39)/.test(file));
      const isOlder = sources !== name;
      return { name, consumes, isOlder, programs: programs.map((file) => file.replace(/\.ts$/, "")) };
    })
    .filter(({ consumes }) => consumes.every((name) => wanted.includes(name)));
  const missing = wanted.filter((name) => !found.some(({ consumes }) => consumes.includes(name)));
  if (missing.length > 0) throw new Error(`compat/consumers has nobody who consumes ${missing.join(", ")}`);
  return found;
}
