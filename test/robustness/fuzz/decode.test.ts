// Every text that is no token is refused as one, and of a good token no second text is taken. Rules T1, T2, H6.
import { decodeUnverified } from "@scitokens/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  EVERY_PROFILE,
  enforcerWith,
  GOOD_HEADER,
  GOOD_PAYLOAD,
  reasonOf,
  tokenOf,
  verdict,
} from "../../support/static-issuer.js";
import { lettersOf } from "./letters.js";
import { holds } from "./runs.js";
import { mutation } from "./token-texts.js";

const profiles = enforcerWith({ profiles: EVERY_PROFILE });
const goods = EVERY_PROFILE.map((profile) => tokenOf(profile));
const aGoodToken = fc.constantFrom(...goods);

function decodes(raw: string): boolean {
  try {
    decodeUnverified(raw);
    return true;
  } catch (error) {
    expect(reasonOf(error, raw)).toBe("malformed");
    return false;
  }
}

/** Whether a segment is what encoding its bytes gives; the bytes are those of any decoder, however forgiving. */
const isItsOwnSpelling = (segment: string): boolean =>
  segment !== "" && Buffer.from(segment, "base64url").toString("base64url") === segment;

describe("the text of a token", () => {
  it("is the only one: whatever is changed in it, it is refused, by enforcers that know the token and do not (T1)", async () => {
    const knowing = enforcerWith({ profiles: EVERY_PROFILE });
    for (const good of goods) await knowing.verify(good);
    const changed = { texts: 0 };
    await holds(
      fc.asyncProperty(aGoodToken, mutation, async (good, change) => {
        const text = change(good);
        if (text === good) return;
        changed.texts++;
        const reason = await verdict(profiles, text);
        expect(reason).not.toBe("good");
        await expect(knowing.verify(text)).rejects.toMatchObject({ reason });
      }),
      2,
    );
    expect(changed.texts).toBeGreaterThan(0);
  });

  it("has at least one bit of each letter in what is signed, or is not its only spelling (T1)", async () => {
    const [good = ""] = goods;
    await holds(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(7), async (at, bit) => {
        const turned = String.fromCharCode(good.charCodeAt(at) ^ (1 << bit));
        expect(await verdict(profiles, good.slice(0, at) + turned + good.slice(at + 1))).not.toBe("good");
      }),
    );
  });

  it("is three segments, each the only spelling of its bytes, or is malformed (T1)", () => {
    const segment = fc.oneof(
      fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString("base64url")),
      lettersOf("AQgwBx8-_=+/. \n", 6),
    );
    holds(
      fc.property(segment, (signature) => {
        const dots = signature.includes(".");
        expect(decodes(`${GOOD_HEADER}.${GOOD_PAYLOAD}.${signature}`)).toBe(!dots && isItsOwnSpelling(signature));
      }),
      2,
    );
  });

  it("is at most maxTokenBytes long, to the byte (T1)", async () => {
    const long = tokenOf("scitokens-2", { scope: "read:/a".padEnd(200, "b") });
    const limit = fc.integer({ min: -3, max: 3 }).chain((more) => fc.constantFrom(long.length + more, 256, 16_384));
    await holds(
      fc.asyncProperty(limit, async (maxTokenBytes) => {
        const enforcer = enforcerWith({ maxTokenBytes });
        expect((await verdict(enforcer, long)) === "good").toBe(long.length <= maxTokenBytes);
      }),
      0.2,
    );
  });

  it("may be anything: what is no token is malformed, and nothing else is thrown (T1, T2)", async () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary" }),
      lettersOf("eyJ0.-_=\0\ud800"),
      fc
        .tuple(fc.uint8Array(), fc.uint8Array(), fc.uint8Array())
        .map((parts) => parts.map((bytes) => Buffer.from(bytes).toString("base64url")).join(".")),
    );
    await holds(
      fc.asyncProperty(anything, async (text) => {
        expect(decodes(text)).toBe(false);
        expect(await verdict(profiles, text)).toBe("malformed");
      }),
    );
    await holds(
      fc.asyncProperty(fc.anything(), async (value) => {
        fc.pre(typeof value !== "string");
        expect(await verdict(profiles, value as string)).toBe("malformed");
      }),
      0.3,
    );
  });
});
