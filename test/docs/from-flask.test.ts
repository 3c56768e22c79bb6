// docs/from-flask.md is true: our side of it runs, and each numbered line of the Python has one. Rules H1 to H3, S1 to S5, C2.
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createNetwork, publish } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { describeGuide } from "./describe-guide.js";
import { blocksOf } from "./page.js";
import { describedToken } from "./tokens.js";

const page = "docs/from-flask.md";
const network = createNetwork();
const audience = "https://data.example.org";
const minters = {
  IGWN: { issuer: "https://cilogon.org/igwn", audience, key: testKey("ES256", "k1") },
  DOWN: { issuer: "https://down.example.org", audience, key: testKey("ES256", "k1") }, // publishes nothing
};
publish(network, [minters.IGWN.key], minters.IGWN);

const raw = describedToken("`read:/frames queue`", minters);
beforeAll(() => void vi.stubEnv("BEARER_TOKEN", raw));
afterAll(() => void vi.unstubAllEnvs());

describeGuide({ page, network, minters, given: { raw } });

it("has for each numbered line of Python one of JavaScript", () => {
  const code = blocksOf(page).flatMap((block) => (block.kind === "code" ? [block] : []));
  const numbersIn = (text: string, mark: string): readonly string[] =>
    [...text.matchAll(new RegExp(`${mark} (\\d(?:, \\d)*)`, "g"))].flatMap(([, list = ""]) => list.split(", "));
  for (const python of code.filter(({ language }) => language === "python")) {
    const js = code.slice(code.indexOf(python)).find(({ language }) => language === "js");
    const numbers = numbersIn(python.text, "#");
    expect(numbers.length).toBeGreaterThan(6);
    expect(numbersIn(js?.text ?? "", "//").toSorted()).toEqual(numbers);
  }
});
