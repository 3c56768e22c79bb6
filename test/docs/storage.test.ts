// docs/storage.md is true: its server, its tables and the events it shows. Rules R3, S4, S5, S7, S8, S10.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRequest } from "@scitokens/core/http";
import type { ScopeRule } from "@scitokens/core/http";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RawRequest } from "../support/raw-request.js";
import { createNetwork, publish } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { describeGuide } from "./describe-guide.js";
import { judge, judgedRows, methodTable } from "./method-table.js";
import { answeredTogether, statusesOf } from "./race.js";
import { describedToken } from "./tokens.js";

const key = testKey("ES256", "k1");
const network = createNetwork();
const minters = {
  WLCG: { issuer: "https://wlcg.example.org", audience: "https://se.example.org", key },
  CE: { issuer: "https://cms.example.org", audience: "ce.example.org:9619", key },
};
for (const minter of Object.values(minters)) publish(network, [key], minter);

const folder = mkdtempSync(join(tmpdir(), "scitokens-guide-"));
const DIRECTORIES = ["runs", "mine", "protected", "tape"];
const FILES = ["list", "runs/1", "mine/x", "protected/1", "a.part", "b.part", "1.part", "2.part"];
beforeAll(() => {
  for (const name of DIRECTORIES) mkdirSync(join(folder, "wlcg", name), { recursive: true });
  for (const name of FILES) writeFileSync(join(folder, "wlcg", name), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

const heard = describeGuide({
  page: "docs/storage.md",
  network,
  minters,
  given: { startTransfer: () => "" },
  rewrite: (code) => code.replaceAll("/srv/storage", folder),
});

it.each(methodTable("docs/storage.md"))("tells rightly what $methods needs (R3, S5)", async (row) => {
  const each = row.methods.map((method) => ({ ...row, methods: [method] }));
  expect(await judgedRows(row)).toEqual(each);
});

const raced = (method: string, target: string, line: string): RawRequest => ({
  method,
  target,
  lines: [`Authorization: Bearer ${describedToken("`storage.create:/`", minters)}`, line],
});

it.each([
  ["PUT", [raced("PUT", "/wlcg/both", "Content-Length: 0"), raced("PUT", "/wlcg/both", "Content-Length: 0")]],
  [
    "MOVE",
    [raced("MOVE", "/wlcg/1.part", "Destination: /wlcg/1"), raced("MOVE", "/wlcg/2.part", "Destination: /wlcg/1")],
  ],
])("lets one of two tokens that may only create do so, at the same time: %s (R3)", async (_, requests) => {
  const { createApp, exists } = heard.names as {
    readonly createApp: (route: { readonly scope: ScopeRule<string> }) => RequestListener;
    readonly exists: (path: string) => Promise<boolean>;
  };
  const app = createApp({ scope: fromRequest({ exists: answeredTogether(exists, 2) }) });
  expect(await statusesOf(app, requests)).toEqual([201, 403]);
});

it.each([
  ["PUT", "storage.modify:/", []],
  ["PUT", "storage.read:/", []],
  ["PUT", "storage.create:/", ["exists"]],
  ["GET", "storage.read:/", []],
  ["GET", "storage.read:/b/", []],
  ["GET", "storage.read:/a/", ["kind"]],
])("asks what is there only where it decides: %s, %s: %j (R3, S4)", async (method, scope, expected) => {
  const asked: string[] = [];
  const exists = (): boolean => asked.push("exists") > 0;
  await judge(method, scope, { exists, kind: () => void asked.push("kind") });
  expect(asked).toEqual(expected);
});
