// Bun, Deno and workerd from their npm packages, each as a function that runs what was compiled.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { execute } from "../workshop.mjs";

/** The newest that the pinned workerd knows need not be asked for: what a Worker of today is given. */
const COMPATIBILITY_DATE = "2026-04-01";

/** Tokens are signed by Node's own keys, which workerd's node:crypto has in part; and a Worker does not listen. */
const NOT_IN_WORKERS = { issuer: "cannot sign", service: "–", files: "–" };

/** Every runtime, or why it does not run on this machine. */
export async function openRuntimes(workshop, { bun, deno, miniflare, esbuild }) {
  const bunPath = await openProgram(workshop, `bun@${bun}`, "bun");
  const denoPath = await openProgram(workshop, `deno@${deno}`, "deno");
  const workers = await openWorkers(workshop, { miniflare, esbuild });
  return [
    {
      title: `Bun ${bun}`,
      problem: bunPath.problem,
      run: ({ out, file }) => execute(bunPath.path, ["run", file], { cwd: out, timeout: 60_000 }),
    },
    {
      title: `Deno ${deno}`,
      problem: denoPath.problem,
      // The core asks for nothing; what listens or signs with node:crypto may have all.
      run: ({ out, file, kind }) => {
        const permissions = kind === "core" ? ["--no-prompt"] : ["--allow-all"];
        const args = ["run", "--no-remote", ...permissions, file];
        return execute(denoPath.path, args, { cwd: out, timeout: 60_000, env: { DENO_NO_UPDATE_CHECK: "1" } });
      },
    },
    {
      title: `workerd ${workers.version}`,
      problem: workers.problem,
      without: NOT_IN_WORKERS,
      run: ({ out }) => workers.run(out, []),
    },
    {
      title: "workerd, nodejs_compat",
      problem: workers.problem,
      without: NOT_IN_WORKERS,
      run: ({ out }) => workers.run(out, ["nodejs_compat"]),
    },
  ];
}

/** A Worker that makes one check and says how it went. */
export function workerOf(module, call) {
  return `import { check } from "./${module}.js";
export default {
  async fetch() {
    try {
      ${call};
      return new Response("ok");
    } catch (fault) {
      return new Response(String(fault?.stack ?? fault), { status: 500 });
    }
  },
};
`;
}

async function openProgram(workshop, spec, name) {
  try {
    const path = join(await workshop.tool(spec), "node_modules/.bin", name);
    const { ok, output } = await execute(path, ["--version"]);
    return ok ? { path } : { problem: output };
  } catch (error) {
    return { problem: String(error) };
  }
}

/** workerd by miniflare, fed with one file by esbuild, as the Workers' own tool does it. */
async function openWorkers(workshop, { miniflare, esbuild }) {
  try {
    const at = await workshop.tool(`miniflare@${miniflare}`, `esbuild@${esbuild}`);
    const require = createRequire(join(at, "package.json"));
    const { Miniflare } = require("miniflare");
    const { version } = require("workerd/package.json");
    return {
      version,
      run: (out, flags) => runWorker({ Miniflare, esbuild: join(at, "node_modules/.bin/esbuild") }, out, flags),
    };
  } catch (error) {
    return { version: "", problem: String(error) };
  }
}

async function runWorker({ Miniflare, esbuild }, out, flags) {
  const bundle = join(out, "bundle.js");
  const how = ["--bundle", "--format=esm", "--platform=neutral", "--conditions=workerd,worker", "--external:node:*"];
  const bundled = await execute(esbuild, ["worker.js", ...how, `--outfile=${bundle}`, "--log-level=warning"], {
    cwd: out,
  });
  if (!bundled.ok) return bundled;
  const worker = new Miniflare({
    modules: true,
    script: readFileSync(bundle, "utf8"),
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: flags,
  });
  try {
    const answer = await worker.dispatchFetch("http://worker.test/");
    return { ok: answer.status === 200, output: await answer.text() };
  } catch (error) {
    return { ok: false, output: String(error) };
  } finally {
    await worker.dispose();
  }
}
