// Run time: every program of every consumer, as ES modules and as CommonJS with require(), on every Node.
import { join } from "node:path";
import { failed, fillTable, ok, skipped } from "../cells.mjs";
import { execute } from "../workshop.mjs";
import { compile, decoratorsOf, DECORATORS, openCompiler } from "./compile.mjs";

const FORMATS = { esm: "ES modules", cjs: "CommonJS, `require()`" };

/** One row for each consumer and format; a cell is all programs of the consumer on one Node. */
export async function tryNode({ workshop, consumers, versions }) {
  const columns = await openNodes(workshop, versions.node);
  const compiler = await openCompiler(workshop, versions.emitter);
  const rows = [];
  for (const consumer of consumers) {
    for (const [format, label] of Object.entries(FORMATS)) {
      rows.push({
        name: `${consumer.name}, ${label}`,
        trials: await emitAll({ workshop, compiler, consumer, format }),
      });
    }
  }
  return fillTable({ title: "Node", columns, rows }, runOn);
}

/** Node in each version from the npm package of its name, or why it does not run on this machine. */
export async function openNodes(workshop, versions) {
  const nodes = [];
  for (const version of versions) {
    const at = await workshop.tool(`node@${version}`).catch((error) => ({ problem: String(error) }));
    nodes.push({ title: `Node ${version}`, version, ...(at.problem === undefined ? await openNode(at, version) : at) });
  }
  return nodes;
}

async function openNode(at, version) {
  const path = join(at, "node_modules/.bin/node");
  const { ok: runs, output } = await execute(path, ["--version"]);
  return runs && output === `v${version}` ? { path } : { problem: output };
}

/** The programs of a consumer, each compiled once for each way that its decorators can be compiled. */
async function emitAll({ workshop, compiler, consumer: { name, programs }, format }) {
  const trials = [];
  const folder = await workshop.consumer(name).catch((error) => ({ problem: String(error) }));
  if (folder.problem !== undefined) return [folder];
  for (const program of programs) {
    for (const decorators of decoratorsOf(program)) {
      const source = join(folder, format);
      const out = join(source, "out", `${program}-${decorators.replaceAll(/\W+/g, "-")}`);
      const options = { module: "nodenext", skipLibCheck: true, ...DECORATORS[decorators] };
      const compiled = await compile(compiler, { folder: source, programs: [program], options, out });
      trials.push(compiled.ok ? { file: join(out, `${program}.js`) } : { problem: compiled.output });
    }
  }
  return trials;
}

async function runOn({ file, problem }, node) {
  if (node.path === undefined) return skipped("did not run", node.problem);
  if (problem !== undefined) return failed("not built", problem);
  const { ok: runs, output } = await execute(node.path, [file], { timeout: 60_000 });
  return runs ? ok : failed("failed", `${file}\n${output}`);
}
