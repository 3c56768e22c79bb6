// One compilation of a consumer: which files, with which options.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "../workshop.mjs";

/** How a program's decorators are compiled. */
export const DECORATORS = {
  none: {},
  legacy: { experimentalDecorators: true },
  "legacy, with metadata": { experimentalDecorators: true, emitDecoratorMetadata: true },
  tc39: {},
};

/** The decorators that a program is compiled with, by its name. */
export function decoratorsOf(program) {
  if (program.startsWith("legacy")) return ["legacy", "legacy, with metadata"];
  return program.startsWith("tc39") ? ["tc39"] : ["none"];
}

export const RESOLUTIONS = {
  "nodenext, ES module": { format: "esm", module: "nodenext" },
  "nodenext, CommonJS": { format: "cjs", module: "nodenext" },
  bundler: { format: "esm", module: "esnext", moduleResolution: "bundler" },
};

/** Compiles programs of a consumer. `folder` has its sources; `out`, if given, gets the JavaScript. */
export async function compile(compiler, { folder, programs, options, out }) {
  // Several compilations of one folder run at a time: each has a name of its own.
  const words = [...programs, ...Object.entries(options).flat(), compiler.version];
  const config = `tsconfig.${words.join("-")}.json`;
  const compilerOptions = {
    target: "es2022",
    lib: ["es2023"],
    strict: true,
    skipLibCheck: false,
    types: ["node"],
    ...(out === undefined ? { noEmit: true } : { outDir: out, rootDir: "." }),
    ...options,
  };
  const files = programs.map((program) => `${program}.ts`);
  writeFileSync(join(folder, config), JSON.stringify({ compilerOptions, files }));
  return execute(process.execPath, [compiler.path, "-p", config, "--pretty", "false"], { cwd: folder });
}

/** A TypeScript of this version. */
export async function openCompiler(workshop, version) {
  const at = await workshop.tool(`typescript@${version}`);
  return { title: `TypeScript ${version}`, version, path: join(at, "node_modules/typescript/bin/tsc") };
}
