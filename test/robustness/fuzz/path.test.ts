// Paths beside a plain model of them: one meaning for each, in whatever spelling. Rules S3, S4, S8, R1, R2.
import { InvalidPathError } from "@scitokens/core";
import { requestPath } from "@scitokens/core/http";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enforcerWith, scoped } from "../../support/static-issuer.js";
import { isBelow, parseDecodedPath, parseEncodedPath, PathError } from "./inside.js";
import { isRefused, isWithin, readDecoded, readEncoded, readTarget, write } from "./path-model.js";
import type { Read } from "./path-model.js";
import { anyPath, encodingOf, goodPath } from "./paths.js";
import { holds } from "./runs.js";

const written = (read: Read): string => (isRefused(read) ? "refused" : write(read));

function outcome(parse: (text: string) => string, text: string, refusal: new (...words: never[]) => Error): string {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof refusal) return "refused";
    throw error;
  }
}

/** A blank would end the value. */
const inScope = (authz: string, path: string): string => `${authz}:${path.replaceAll(" ", "%20")}`;

describe("a path", () => {
  it("of a scope means what the model says (S3)", () => {
    holds(
      fc.property(anyPath, (text) => {
        expect(outcome(parseEncodedPath, text, PathError)).toBe(written(readEncoded(text)));
      }),
      10,
    );
  });

  it("of an application means what the model says (R1)", () => {
    holds(
      fc.property(anyPath, (text) => {
        expect(outcome(parseDecodedPath, text, PathError)).toBe(written(readDecoded(text)));
      }),
      5,
    );
  });

  it("of a request target means what the model says (R2)", () => {
    const target = fc
      .tuple(anyPath, fc.constantFrom("", "?", "?a=/../b", "#f", "?x#y", "?\0"))
      .map((parts) => parts.join(""));
    holds(
      fc.property(target, (text) => {
        expect(outcome(requestPath, text, InvalidPathError)).toBe(written(readTarget(text)));
      }),
      5,
    );
  });

  it("is the same path in every encoding of it, and the one that a decoded path names (S3, R1)", () => {
    const spellings = goodPath.chain((path) => fc.tuple(fc.constant(path), encodingOf(path), encodingOf(path)));
    holds(
      fc.property(spellings, ([path, one, another]) => {
        expect(parseEncodedPath(one)).toBe(parseEncodedPath(another));
        expect(parseEncodedPath(one)).toBe(parseDecodedPath(path));
        expect(parseDecodedPath(parseDecodedPath(path))).toBe(parseDecodedPath(path));
      }),
      3,
    );
  });

  it("that is refused in one encoding is refused in every other (S3)", () => {
    const refused = fc
      .tuple(goodPath, fc.constantFrom("..", "\0", "\\", "\n", "%2e%2e", "%2f", "a%5Cb", "\u0085"), goodPath)
      .map(([before, bad, after]) => `${before.replace(/\/$/, "")}/${bad}${after}`)
      .chain(encodingOf);
    holds(
      fc.property(refused, (text) => {
        expect(outcome(parseEncodedPath, text, PathError)).toBe("refused");
      }),
    );
  });

  it("covers itself and what is below, name by name, and no other (S4)", () => {
    holds(
      fc.property(goodPath, goodPath, (one, another) => {
        const [held, asked] = [readDecoded(one), readDecoded(another)];
        if (isRefused(held) || isRefused(asked)) throw new Error("expected good paths");
        expect(isBelow(parseDecodedPath(another), parseDecodedPath(one))).toBe(isWithin(asked, held));
      }),
      5,
    );
  });

  it("of a scope grants the same in every encoding: what is asked for, by whoever decodes it, decides (S3, S4, R1)", async () => {
    const enforcer = enforcerWith();
    const spellings = goodPath.chain((path) => fc.tuple(encodingOf(path), encodingOf(path)));
    await holds(
      fc.asyncProperty(spellings, goodPath, async ([one, another], asked) => {
        const tokens = await Promise.all([one, another].map((path) => enforcer.verify(scoped(inScope("read", path)))));
        const [held, wanted] = [readEncoded(one), readDecoded(asked)];
        if (isRefused(held) || isRefused(wanted)) throw new Error("expected good paths");
        const granted = isWithin(wanted, held);
        expect(tokens.map((token) => enforcer.test(token, "read", asked))).toEqual([granted, granted]);
      }),
      0.5,
    );
  });

  it("is within its issuer's area, or is refused; within, only the rest of it counts (S8)", async () => {
    const areas = ["/a", "/b/ab", "/é/~x"];
    const held = fc.oneof(goodPath, fc.constant("/"));
    const place = fc.oneof(
      fc.tuple(fc.constantFrom("", ...areas), goodPath).map((parts) => parts.join("")),
      fc.constantFrom(...areas, "/ab", "/b", "/b/a"),
    );
    const enforcer = enforcerWith({}, { basePath: areas });
    await holds(
      fc.asyncProperty(held, place, async (scope, path) => {
        const token = await enforcer.verify(scoped(inScope("read", scope.replaceAll("%", "%25"))));
        expect(enforcer.test(token, "read", path)).toBe(isGrantedWithin(areas, scope, path));
      }),
    );
  });
});

function isGrantedWithin(areas: readonly string[], scope: string, path: string): boolean {
  const [held, asked] = [readDecoded(scope), readDecoded(path)];
  if (isRefused(held) || isRefused(asked)) throw new Error("expected good paths");
  return areas.some((text) => {
    const area = readDecoded(text);
    if (isRefused(area) || !isWithin(asked, area)) return false;
    const names = asked.names.slice(area.names.length);
    return isWithin({ names, directory: names.length === 0 || asked.directory }, held);
  });
}
