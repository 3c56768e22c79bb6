// Types: every consumer compiled by every TypeScript, in every resolution, with each kind of decorators that it uses.
import { join } from "node:path";
import { failed, fillTable, ok, skipped } from "../cells.mjs";
import { compile, decoratorsOf, DECORATORS, openCompiler, RESOLUTIONS } from "./compile.mjs";

/** TypeScript before this refuses an ES module in a CommonJS file under nodenext, whatever is in it. */
const REQUIRES_ESM = 5.8;

/** One row for each consumer and resolution; a cell is all kinds of decorators with one TypeScript. */
export async function tryTypes({ workshop, consumers, versions }) {
  const columns = [];
  for (const version of versions.typescript) columns.push(await openCompiler(workshop, version));
  const rows = [];
  for (const { name, programs } of consumers) {
    const folder = await workshop.consumer(name).catch((error) => ({ problem: String(error) }));
    for (const [resolution, { format, ...options }] of Object.entries(RESOLUTIONS)) {
      const trials =
        folder.problem === undefined
          ? modesOf(programs).map(({ decorators, files }) => ({
              format,
              job: {
                folder: join(folder, format),
                programs: files,
                options: { ...options, ...DECORATORS[decorators] },
              },
            }))
          : [folder];
      rows.push({ name: `${name}, ${resolution}`, trials });
    }
  }
  return fillTable({ title: "TypeScript", columns, rows }, check);
}

/** What is compiled together: the programs without decorators, with those of one kind. TC39 needs no option: it is both. */
function modesOf(programs) {
  const plain = programs.filter((program) => decoratorsOf(program).includes("none"));
  const kinds = new Set(programs.flatMap(decoratorsOf));
  if (kinds.size > 1) kinds.delete("none");
  return [...kinds].map((decorators) => {
    const decorated = programs.filter((program) => decoratorsOf(program).includes(decorators));
    return { decorators, files: [...new Set([...plain, ...decorated])] };
  });
}

async function check({ job, format, problem }, compiler) {
  if (problem !== undefined) return failed("not installed", problem);
  const strict = await compile(compiler, job);
  if (format === "cjs" && Number.parseFloat(compiler.version) < REQUIRES_ESM) {
    // Nobody's fault, and worth knowing when it changes.
    const expected = !strict.ok && strict.output.includes("TS1479");
    return expected ? skipped(`from ${REQUIRES_ESM}`) : failed("failed otherwise than expected", strict.output);
  }
  if (strict.ok) return ok;
  const strangers = foreignFaults(strict.output);
  if (strangers === undefined) return failed("failed", `${describe(job)}\n${strict.output}`);
  const lenient = await compile(compiler, { ...job, options: { ...job.options, skipLibCheck: true } });
  if (!lenient.ok) return failed("failed", `${describe(job)}, skipLibCheck\n${lenient.output}`);
  return { state: "ok", text: "ok ¹", detail: `with skipLibCheck, for the types of ${strangers.join(", ")}` };
}

const describe = ({ programs, options }) => `${programs.join(", ")} ${JSON.stringify(options)}`;

/** The packages of others whose own types do not compile, if the faults are all theirs. */
function foreignFaults(output) {
  const faults = output.split("\n").filter((line) => /error TS\d+/.test(line));
  const packages = faults.map((line) => /^[^(]*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(line)?.[1]);
  if (faults.length === 0 || packages.some((name) => name === undefined || name.startsWith("@scitokens/")))
    return undefined;
  return [...new Set(packages)];
}
