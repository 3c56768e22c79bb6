// Other runtimes: what Bun, Deno and workerd run of the packages, and the services of all adapters on Bun and Deno.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { failed, fillTable, ok, skipped } from "../cells.mjs";
import { execute } from "../workshop.mjs";
import { compile, decoratorsOf, DECORATORS, openCompiler } from "./compile.mjs";
import { openRuntimes, workerOf } from "./open-runtimes.mjs";

/** What is checked on every runtime: each entry in a module of its own, without Node in it. */
const ENTRIES = [
  { name: "core", consumer: "core", module: "check-core" },
  { name: "core/http", consumer: "core", module: "check-http" },
  { name: "core/fetch", consumer: "core", module: "check-fetch" },
  { name: "core/mcp", consumer: "core", module: "check-mcp" },
  { name: "core/node", consumer: "core", module: "check-node", kind: "files" },
  { name: "issuer", consumer: "issuer", module: "check-issuer" },
];

/** One row for each entry, and for a service of each adapter; one cell for each runtime. */
export async function tryRuntimes({ workshop, consumers, versions }) {
  const columns = await openRuntimes(workshop, versions.runtimes);
  const compiler = await openCompiler(workshop, versions.emitter);
  const emit = createEmit(workshop, compiler);
  const isTried = ({ consumer }) => consumers.some(({ name }) => name === consumer);
  const entries = ENTRIES.filter(isTried);
  const minted = entries.some(({ consumer }) => consumer === "core") ? await mint(await emit("core", "mint")) : "";
  const rows = [];
  for (const { name, consumer, module, kind = consumer } of entries) {
    const { out, problem } = await emit(consumer, module);
    if (problem === undefined) writeMain(out, { module, call: `await check(${minted})` });
    rows.push({ name, trials: [{ out, problem, file: "main.js", kind }] });
  }
  for (const { name, programs, isOlder } of consumers) {
    if (isOlder || ENTRIES.some(({ consumer }) => consumer === name)) continue;
    const program = programs.find((one) => one === "service") ?? programs[0];
    const emitted = await emit(name, program);
    rows.push({ name: `${name}, a service`, trials: [{ ...emitted, file: `${program}.js`, kind: "service" }] });
  }
  return fillTable({ title: "Other runtimes", columns, rows }, runOn);
}

/** Compiles a program as an ES module; says where it is, or what is wrong. */
function createEmit(workshop, compiler) {
  return async (consumer, program) => {
    const at = await workshop.consumer(consumer).catch((error) => ({ problem: String(error) }));
    if (at.problem !== undefined) return at;
    const folder = join(at, "esm");
    const out = join(folder, "out", `runtimes-${program}`);
    const [decorators] = decoratorsOf(program);
    const options = { module: "nodenext", skipLibCheck: true, ...DECORATORS[decorators] };
    const compiled = await compile(compiler, { folder, programs: [program], options, out });
    return compiled.ok ? { out } : { problem: compiled.output };
  };
}

function writeMain(out, { module, call }) {
  writeFileSync(join(out, "main.js"), `import { check } from "./${module}.js";\n${call};\n`);
  writeFileSync(join(out, "worker.js"), workerOf(module, call));
}

/** Tokens for where nothing can sign, as JSON. */
async function mint({ out, problem }) {
  if (problem !== undefined) throw new Error(problem);
  writeFileSync(
    join(out, "main.js"),
    'import { mint } from "./mint.js";\nconsole.log(JSON.stringify(await mint()));\n',
  );
  const run = await execute(process.execPath, [join(out, "main.js")]);
  if (!run.ok) throw new Error(run.output);
  return run.output;
}

async function runOn({ problem, ...program }, runtime) {
  if (runtime.problem !== undefined) return skipped("did not run", runtime.problem);
  if (problem !== undefined) return failed("not built", problem);
  const reason = runtime.without?.[program.kind];
  if (reason !== undefined) return skipped(reason);
  const run = await runtime.run(program);
  return run.ok ? ok : failed("failed", run.output);
}
