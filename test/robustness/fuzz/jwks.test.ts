// What an issuer answers, whatever it is: a set of usable public keys, or nothing. Rules I2, I3, I9, I10.
import { createEnforcer } from "@scitokens/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  AUDIENCE,
  createClock,
  createNetwork,
  goodToken,
  ISSUER,
  json,
  JWKS_URL,
  METADATA_URL,
  publish,
  verdict,
} from "../../support/scripted-issuer.js";
import { testKey } from "../../support/sign.js";
import { FetchError, parseJsonObject, parseJwks } from "./inside.js";
import { holdsPrivate, usableKeys } from "./jwks-model.js";
import { anyDocument, keySet, reordered, SINGLE_CHANGES } from "./key-sets.js";
import type { Members } from "./key-sets.js";
import { holds } from "./runs.js";

function parsed(document: Members): ReturnType<typeof parseJwks> | undefined {
  try {
    return parseJwks(document);
  } catch (error) {
    if (error instanceof FetchError) return undefined;
    throw error;
  }
}

describe("a key set", () => {
  it("holds the keys that the model finds usable, for the algorithms it finds, and no private member (I10)", () => {
    const seen = new Set<string>();
    holds(
      fc.property(fc.oneof(keySet, anyDocument), (document) => {
        const [set, expected] = [parsed(document), usableKeys(document)];
        expect(set?.keys.map(({ kid, algorithms }) => ({ kid, algorithms: algorithms.toSorted() }))).toEqual(
          expected?.map(({ kid, algorithms }) => ({ kid, algorithms: algorithms.toSorted() })),
        );
        if (set === undefined) return;
        for (const { jwk, algorithms } of set.keys) {
          expect(holdsPrivate(jwk)).toBe(false);
          expect(Object.values(jwk).every((member) => typeof member === "string" && !member.includes("="))).toBe(true);
          for (const name of algorithms) seen.add(name);
        }
        const entries = document["keys"] as readonly unknown[];
        expect(set.privateKeyIds.length).toBe(entries.slice(0, 100).filter(holdsPrivate).length);
      }),
      3,
    );
    expect(seen).toContain("RS256");
    expect(seen).toContain("ES256");
    expect(seen).toContain("EdDSA");
  });

  it("takes or leaves out as the model does each real key with one member changed (I10)", () => {
    const different = SINGLE_CHANGES.filter((document) => {
      const [found, expected] = [parsed(document)?.keys ?? [], usableKeys(document) ?? []];
      const text = (keys: readonly { readonly algorithms: readonly string[] }[]): string =>
        keys.map(({ algorithms }) => algorithms.toSorted().join(" ")).join();
      return text(found) !== text(expected);
    });
    expect(different).toEqual([]);
  });

  it("is the same set in any order of members and with any white space (I10)", () => {
    const read = (text: string): unknown =>
      parsed(parseJsonObject(new TextEncoder().encode(text), { duplicates: "last" }));
    holds(
      fc.property(keySet, fc.constantFrom("", " ", "\t", "   "), (document, indent) => {
        expect(read(JSON.stringify(reordered(document), null, indent))).toEqual(read(JSON.stringify(document)));
      }),
    );
  });

  it("is never what lets an issuer's stranger in, and never more than a refusal that has a name (I9, I10)", async () => {
    const [key, stranger] = [testKey("ES256", "a"), testKey("ES256", "a")];
    const { now, read } = createClock();
    const tokens = [goodToken(stranger, now), goodToken(key, now)];
    await holds(
      fc.asyncProperty(anyDocument, fc.boolean(), async (document, adds) => {
        const network = createNetwork();
        publish(network, []);
        const keys =
          adds && Array.isArray(document["keys"])
            ? { ...document, keys: [key.jwk, ...(document["keys"] as unknown[])] }
            : document;
        network.answers.set(JWKS_URL, json(keys));
        const enforcer = createEnforcer({
          issuer: ISSUER,
          audience: AUDIENCE,
          clock: read,
          keys: { fetch: network.fetch },
        });
        const [forged, good] = [await verdict(enforcer, tokens[0] ?? ""), await verdict(enforcer, tokens[1] ?? "")];
        expect(["unknown_key", "signature", "issuer_unavailable"]).toContain(forged);
        const mine = usableKeys(keys)?.filter(({ kid, algorithms }) => kid === "a" && algorithms.includes("ES256"));
        if (keys !== document) expect(good).toBe(mine?.length === 1 ? "good" : "unknown_key");
        else expect(["unknown_key", "signature", "issuer_unavailable"]).toContain(good);
      }),
      0.7,
    );
  });
});

it("follows metadata to https and nowhere else, and only its own issuer's (I2, I3)", async () => {
  const place = fc.constantFrom<unknown>(
    JWKS_URL,
    "http://issuer.example.org/keys",
    "HTTPS://ISSUER.example.org/keys",
    "file:///etc/passwd",
    "data:application/json,{}",
    "//issuer.example.org/keys",
    "keys",
    " https://issuer.example.org/keys",
    `https://issuer.example.org/${"a".repeat(3000)}`,
    "https://",
    "javascript:1",
  );
  const name = fc.constantFrom<unknown>(ISSUER, `${ISSUER}/`, "https://ISSUER.example.org", `${ISSUER}#`, null, [
    ISSUER,
  ]);
  const metadata = fc.oneof(fc.record({ issuer: name, jwks_uri: fc.oneof(place, fc.jsonValue()) }), anyDocument);
  const { now, read } = createClock();
  const raw = goodToken(testKey("ES256", "a"), now);
  await holds(
    fc.asyncProperty(metadata, async (document: Members) => {
      const network = createNetwork();
      network.answers.set(METADATA_URL, json(document));
      const enforcer = createEnforcer({
        issuer: ISSUER,
        audience: AUDIENCE,
        clock: read,
        keys: { fetch: network.fetch },
      });
      expect(await verdict(enforcer, raw)).toBe("issuer_unavailable");
      const followed = network.requests.map(({ url }) => url).filter((url) => !url.includes("/.well-known/"));
      for (const url of followed) expect(new URL(url).protocol).toBe("https:");
      if (document["issuer"] !== ISSUER) expect(followed).toEqual([]);
    }),
  );
});
