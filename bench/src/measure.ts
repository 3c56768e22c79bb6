// One benchmark in a process of its own: node dist/measure.js NAME. Writes out/NAME.json and prints its tables.
import { benchmarkOf } from "./benchmarks/all.js";
import { describeMachine } from "./machine.js";
import { printTables } from "./report/markdown.js";
import { writeResults } from "./report/results.js";

const [name = ""] = process.argv.slice(2);
const { tables, details } = await benchmarkOf(name).run();
writeResults(name, { machine: describeMachine(), tables, details });
printTables(tables);
