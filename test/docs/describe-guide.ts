// A guide is true: its examples run; the servers in them answer as its tables say; what it shows of output, errors, answers and
// events is what came.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Server } from "node:http";
import { EVENT_CHANNEL } from "@scitokens/core";
import type { SciTokenEvent } from "@scitokens/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runDocsExample } from "../support/docs-example.js";
import { answersLike, comparable, outcomeOf, promisedIn } from "./answers.js";
import { declaresApp, promisedOutput, runExample } from "./examples.js";
import type { Guide, Heard, Row } from "./guide.js";
import { blocksOf, quotedIn } from "./page.js";
import type { Block, Code, Table } from "./page.js";

export function describeGuide(guide: Guide): Heard {
  const blocks = blocksOf(guide.page);
  const codeIn = (language: string): readonly Code[] =>
    blocks.filter((block): block is Code => block.kind === "code" && block.language === language);
  const tablesWith = (head: string): readonly Table[] =>
    blocks.filter((block): block is Table => block.kind === "table" && block.head.includes(head));
  const heard: Heard = { events: [], answers: [], printed: [], names: {} };
  const servers = new Map<Block, Server>();
  const listener = (event: unknown): void => void heard.events.push(event as SciTokenEvent);

  beforeAll(async () => {
    vi.stubGlobal("fetch", guide.network.fetch);
    subscribe(EVENT_CHANNEL, listener);
    for (const example of codeIn("js")) {
      const server = await runExample(example, guide, heard);
      if (server !== undefined) servers.set(example, server);
    }
  });
  afterAll(() => {
    unsubscribe(EVENT_CHANNEL, listener);
    vi.unstubAllGlobals();
    for (const server of servers.values()) server.close();
  });

  it("has no table with answers that nobody asks for", () => {
    const ofAnswers = ["the token says", "request", "answer"].map(tablesWith);
    expect(ofAnswers).toEqual(ofAnswers.map(() => tablesWith("request")));
  });

  it("has examples that run, and print what they say", () => {
    const lines = heard.printed.filter((line) => !line.startsWith("{")); // which are events
    expect(codeIn("js")).not.toEqual([]);
    expect(lines).toEqual(codeIn("js").flatMap(promisedOutput));
  });

  describe.each(tablesWith("request"))("answers as the guide says (H3): $section", (table) => {
    const example = blocks.slice(0, blocks.indexOf(table)).findLast(declaresApp);
    it.each(rowsOf(table))("%s", async (_, row) => {
      const address = example && servers.get(example)?.address();
      if (typeof address !== "object" || address === null) throw new Error("expected an example with an app above");
      expect(await outcomeOf(row, address.port, guide, heard)).toEqual(promisedIn(row));
    });
  });

  it.each(tablesWith("error at start").flatMap(rowsOf))("ends the start as the guide says: %s", async (_, row) => {
    const [written = ""] = quotedIn(row["written"] ?? "");
    const starting = runDocsExample(written, { ...guide.given, ...heard.names });
    await expect(starting).rejects.toThrow(row["error at start"]);
  });

  it.each(codeIn("http"))("shows an answer that came (H3): $text", ({ text }) => {
    expect(answersLike(text, heard)).not.toEqual([]);
  });

  it.each(codeIn("json"))("shows an event that was heard (H6): $text", ({ text }) => {
    expect(heard.events.map(comparable)).toContainEqual(comparable(JSON.parse(text) as object));
  });

  return heard;
}

/** Each with its title. */
function rowsOf({ head, rows }: Table): readonly (readonly [title: string, row: Row])[] {
  return rows.map((cells) => [cells.join(" · "), Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ""]))]);
}
