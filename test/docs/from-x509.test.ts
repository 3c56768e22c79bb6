// docs/from-x509.md is true: each step of the way over, what is recorded on it, and the tally. Rules H8, H9, H6.
import { Readable } from "node:stream";
import { afterAll, expect, it, vi } from "vitest";
import { loadSources, runDocsExample } from "../support/docs-example.js";
import { createNetwork, publish } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { describeGuide } from "./describe-guide.js";
import { blocksOf } from "./page.js";

const page = "docs/from-x509.md";
const network = createNetwork();
const key = testKey("ES256", "k1");
const minters = { CMS: { issuer: "https://cms.example.org", audience: "https://se.example.org", key } };
publish(network, [key], minters.CMS);

interface Asked {
  readonly headers: Readonly<Record<string, unknown>>;
}
interface Answer {
  sendStatus(status: number): void;
}

/** A check as many are: a proxy in front has verified the certificate. */
function requireCertificate(req: Asked, res: Answer, next: () => void): void {
  if (req.headers["x-client-verify"] === "SUCCESS") next();
  else res.sendStatus(403);
}

const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
afterAll(() => warnings.mockRestore());

const heard = describeGuide({
  page,
  network,
  minters,
  load: async (name) => (name === "./certificates.js" ? { requireCertificate } : loadSources(name)),
  lines: ({ certificate }) => (certificate === "good" ? ["X-Client-Verify: SUCCESS"] : []),
});

const textsOf = (language: string): readonly string[] =>
  blocksOf(page).flatMap((block) => (block.kind === "code" && block.language === language ? [block.text] : []));

it("shows the warning of the process (H9)", () => {
  const shown = textsOf("text").at(0)?.trim();
  expect(warnings.mock.calls.map(([text, how]) => `${(how as { type: string }).type}: ${String(text)}`)).toEqual([
    shown,
  ]);
});

it("sums up what was recorded of the requests in step 2, as it says (H6, H9)", async () => {
  const events = heard.printed.filter((line) => /"type":"(?:allowed|refused)"/.test(line));
  const log = ["no event", heard.printed.find((line) => line.includes('"report_only"')), ...events.slice(0, 7)];
  const sums: string[] = [];
  await runDocsExample(textsOf("mjs").join(), {
    process: { stdin: Readable.from(log.map((line) => `${line}\n`)) },
    console: { log: (line: string) => sums.push(`${line}\n`) },
  });
  expect(sums.join("")).toBe(textsOf("text").at(1));
});

it("tells what a request with a certificate alone is about, and grants it nothing (H8)", () => {
  const writes = heard.answers.map(({ body }) => body).filter((body) => body.includes('"name":"write"'));
  expect(writes.map((body) => JSON.parse(body) as object)).toContainEqual({
    name: "write",
    path: "/cms/1",
    mayReplace: false,
  });
});
