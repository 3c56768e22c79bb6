// Debian's XRootD with HTTPS and its SciTokens plugin, over a small tree of files in the test's own folder.
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { CERTIFICATE, CERTIFICATE_KEY } from "./certificate.js";
import { freePort } from "../support/free-port.js";
import type { PublicJwk } from "@scitokens/issuer";
import { seedKeyCache } from "./scitokens-cpp.js";
import type { Workshop } from "./workshop.js";

/** What the tree holds: a path with a slash at its end is a folder. */
const TREE: Readonly<Record<string, string>> = {
  "store/": "",
  "store/file": "of all",
  "store/ada/": "",
  "store/ada/file": "of Ada",
  "store/bob/": "",
  "store/bob/file": "of Bob",
  "stored/": "",
  "stored/file": "beside",
};

export interface XRootD {
  /** `https://localhost:port`, without a slash at its end. */
  readonly url: string;
  /** `roots://localhost:port/`, for its own clients. */
  readonly rootUrl: string;
  /** A file with the certificate authority. */
  readonly caFile: string;
  /** What a file of the tree holds; undefined where there is none, or a folder. */
  readonly read: (path: string) => string | undefined;
  /** Makes the tree what it was at the start. */
  readonly reset: () => void;
}

/** Starts a server that trusts this issuer, with these keys, for all of its tree; and answers to these audiences. */
export async function startXRootD(
  workshop: Workshop,
  trusted: { readonly issuer: string; readonly audience: readonly string[]; readonly keys: readonly PublicJwk[] },
): Promise<XRootD> {
  await seedKeyCache(workshop, trusted);
  const [port, httpPort] = [await freePort(), await freePort()];
  const caFile = workshop.write("tls/certificate.pem", CERTIFICATE);
  const plugin = workshop.write(
    "scitokens.cfg",
    `[Global]\naudience = ${trusted.audience.join(",")}\n\n[Issuer test]\nissuer = ${trusted.issuer}\nbase_path = /\n`,
  );
  const tree = workshop.makeFolder("tree");
  const lines = [
    `xrd.port ${port}`,
    `xrd.protocol XrdHttp:${httpPort} libXrdHttp.so`,
    "xrd.network nodnr",
    `xrd.tls ${caFile} ${workshop.write("tls/key.pem", CERTIFICATE_KEY)}`,
    `xrd.tlsca certfile ${caFile}`,
    "all.role server",
    "all.export /",
    `all.adminpath ${workshop.makeFolder("admin")}`,
    `all.pidpath ${workshop.makeFolder("pid")}`,
    `oss.localroot ${tree}`,
    "ofs.authorize",
    `ofs.authlib libXrdAccSciTokens.so config=${plugin}`,
    "http.header2cgi Authorization authz",
    // For its own clients: tokens, over TLS.
    "xrootd.seclib libXrdSec.so",
    "sec.protocol ztn",
    "xrootd.tls capable all",
  ];
  const server = workshop.serve("xrootd", ["-n", "test", "-c", workshop.write("xrootd.cfg", `${lines.join("\n")}\n`)], {
    neverRoot: true,
  });
  const [, outcome] = await server.printed(/------ xrootd \S+ initialization (\w+)\./);
  if (outcome !== "completed") throw new Error(`xrootd did not start:\n${server.output()}`);
  const reset = (): void => growTree(workshop, tree);
  reset();
  return {
    url: `https://localhost:${httpPort}`,
    rootUrl: `roots://localhost:${port}/`,
    caFile,
    read: (path) => {
      const isFile = statSync(join(tree, path), { throwIfNoEntry: false })?.isFile() === true;
      return isFile ? readFileSync(join(tree, path), "utf8") : undefined;
    },
    reset,
  };
}

function growTree(workshop: Workshop, tree: string): void {
  for (const name of ["store", "stored"]) rmSync(join(tree, name), { recursive: true, force: true });
  for (const [path, content] of Object.entries(TREE)) {
    if (path.endsWith("/")) workshop.makeFolder(`tree/${path.slice(0, -1)}`);
    else workshop.write(`tree/${path}`, content);
  }
}
