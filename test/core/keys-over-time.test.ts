// An issuer's keys from their first fetch to their last day: refreshed unseen, usable while it is down. Rule I5.
import { describe, expect, it } from "vitest";
import { changingKeysForEachTest, first, second, YEAR } from "../support/changing-keys.js";
import {
  DAY,
  everywhere,
  hanging,
  HOUR,
  ISSUER,
  json,
  JWKS_URL,
  METADATA_URL,
  publish,
  refused,
  settled,
  verdict,
} from "../support/scripted-issuer.js";

const { network, clock, enforcerOf, started, request, fresh, attempts, fetches } = changingKeysForEachTest();

describe("refresh", () => {
  it.each([
    ["max-age=10", HOUR],
    ["max-age=0", HOUR],
    ["max-age=3599", HOUR],
    ["max-age=3600", HOUR],
    ["max-age=3601", 3601],
    ["max-age=7200", 2 * HOUR],
    ["public, MAX-AGE=7200, must-revalidate", 2 * HOUR],
    ['max-age="7200"', 2 * HOUR],
    ["max-age=21600", 6 * HOUR],
    ["max-age=21601", 6 * HOUR],
    ["max-age=86400", 6 * HOUR],
    ["max-age=99999999999999999999", 6 * HOUR],
    ["s-maxage=7200", 6 * HOUR],
    ["max-age=-1", 6 * HOUR],
    ["max-age=soon", 6 * HOUR],
    ["no-store", 6 * HOUR],
    [undefined, 6 * HOUR],
  ])("with Cache-Control %j, comes after %i s and not before (I5)", async (cacheControl, seconds) => {
    publish(network, [first], cacheControl === undefined ? {} : { headers: { "cache-control": cacheControl } });
    const { enforcer } = await started();
    const startedAt = clock.now;
    clock.now = startedAt + seconds - 0.1;
    await request(enforcer);
    expect([attempts(), fetches()]).toEqual([1, 1]);
    clock.now = startedAt + seconds;
    await request(enforcer);
    expect([attempts(), fetches()]).toEqual([2, 2]);
  });

  it("does not take its rhythm from the metadata's Cache-Control (I5)", async () => {
    const document = { issuer: ISSUER, jwks_uri: JWKS_URL };
    network.answers.set(METADATA_URL, json(document, { "cache-control": "max-age=3600" }));
    const { enforcer } = await started();
    clock.now += 5 * HOUR;
    await request(enforcer);
    expect(fetches()).toBe(1);
  });

  it.each([60, 600, DAY])("comes after refreshAfter: %i, whatever the issuer says (I5)", async (refreshAfter) => {
    publish(network, [first], { headers: { "cache-control": "max-age=7200" } });
    const { enforcer } = await started({ keys: { refreshAfter } });
    clock.now += refreshAfter - 0.1;
    await request(enforcer);
    expect(fetches()).toBe(1);
    clock.now += 0.1;
    await request(enforcer);
    expect(fetches()).toBe(2);
  });

  it.each([59, DAY + 1, 0, -1, Number.NaN, "600"])("takes no refreshAfter: %j (I5)", (refreshAfter) => {
    expect(() => enforcerOf({ keys: { refreshAfter: refreshAfter as number } })).toThrow(/keys\.refreshAfter/);
  });

  it("starts the clock anew when it succeeds (I5)", async () => {
    const { enforcer } = await started();
    for (let refresh = 1; refresh <= 4; refresh++) {
      clock.now += 6 * HOUR - 1;
      await request(enforcer);
      expect(fetches()).toBe(refresh);
      clock.now += 1;
      await request(enforcer);
      expect(fetches()).toBe(refresh + 1);
    }
  });

  it("is waited for by no request, known token or new (I5)", async () => {
    const { enforcer, token } = await started();
    everywhere(network, hanging);
    clock.now += 6 * HOUR;
    expect(await verdict(enforcer, token)).toBe("good");
    expect(await verdict(enforcer, fresh())).toBe("good");
    expect(attempts()).toBe(2);
  });

  it("is set going by a token that is in the cache, too (I5)", async () => {
    const { enforcer, token } = await started();
    publish(network, [first, second]);
    clock.now += 6 * HOUR;
    await request(enforcer, token);
    expect(enforcer.status()[0]?.keyIds).toEqual(["first", "second"]);
  });

  it.each([2 * HOUR, DAY, YEAR, 50 * YEAR])("comes though the clock was set back by %i s (I5)", async (seconds) => {
    const { enforcer } = await started();
    clock.now -= seconds;
    expect(await request(enforcer)).toBe("good");
    expect(fetches()).toBe(2);
    expect(await request(enforcer)).toBe("good");
    expect(fetches()).toBe(2);
  });
});

describe("usable keys", () => {
  it.each([undefined, DAY, 2 * DAY, 4 * DAY])("stay so for usableFor: %j s to the moment (I5)", async (usableFor) => {
    const { enforcer, token } = await started({ keys: usableFor === undefined ? {} : { usableFor } });
    const fetchedAt = clock.now;
    everywhere(network, refused);
    clock.now = fetchedAt + (usableFor ?? 2 * DAY) - 0.1;
    expect(await request(enforcer, token)).toBe("good");
    expect(await request(enforcer)).toBe("good");
    clock.now += 0.1;
    expect(await request(enforcer, token)).toBe("issuer_unavailable");
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });

  it.each([DAY - 1, 4 * DAY + 1, 0, Number.POSITIVE_INFINITY, "2 days"])(
    "cannot be asked to last for usableFor: %j (I5)",
    (usableFor) => expect(() => enforcerOf({ keys: { usableFor: usableFor as number } })).toThrow(/keys\.usableFor/),
  );

  it("do not last longer for refreshes that fail (I5)", async () => {
    const { enforcer } = await started();
    everywhere(network, refused);
    for (let hours = 0; hours < 47; hours++) {
      clock.now += HOUR;
      expect(await request(enforcer)).toBe("good");
    }
    clock.now += HOUR;
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });

  it("last another two days when a refresh succeeds (I5)", async () => {
    const { enforcer } = await started();
    clock.now += DAY;
    await request(enforcer);
    everywhere(network, refused);
    clock.now += 2 * DAY - 1;
    expect(await request(enforcer)).toBe("good");
    clock.now += 1;
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });

  it("serve again once the issuer is back, however old (I5)", async () => {
    const { enforcer, token } = await started();
    clock.now += 9 * DAY;
    expect(await request(enforcer, token)).toBe("good");
    expect(fetches()).toBe(2);
  });

  it("do not last for years because the clock was once years ahead (I5)", async () => {
    const right = clock.now;
    clock.now = right + YEAR;
    const { enforcer } = await started();
    everywhere(network, refused);
    clock.now = right;
    await request(enforcer);
    clock.now = right + 3 * DAY;
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });
});

describe("an issuer that is stopped", () => {
  it.each([
    ["refuses connections", refused],
    ["does not answer", hanging],
    ["answers 500", json({}, {}, 500)],
    ["answers another document", json({ keys: "gone" })],
  ])("and %s delays nobody while its keys are usable (I5)", async (_, answer) => {
    const { enforcer, token } = await started();
    everywhere(network, answer);
    clock.now += DAY;
    expect(await verdict(enforcer, token)).toBe("good");
    expect(await verdict(enforcer, fresh())).toBe("good");
    await settled();
    clock.now += 600;
    expect(await verdict(enforcer, fresh())).toBe("good");
  });

  it("and comes back with new keys is heard again after the back-off (I5, I6)", async () => {
    const { enforcer } = await started();
    everywhere(network, refused);
    clock.now += DAY;
    expect(await request(enforcer)).toBe("good");
    publish(network, [second]);
    clock.now += 2;
    expect(await request(enforcer)).toBe("good");
    expect(await request(enforcer, fresh(second))).toBe("good");
    expect(await request(enforcer, fresh(first))).toBe("unknown_key");
  });
});
