// What the OAuth issuer keeps: each thing for its time, and never too many.
import { expect, it } from "vitest";
import { createMemory } from "../../packages/issuer/src/oauth/provider/memory-adapter.js";

it("forgets what has expired, and finds it no longer by its other names", async () => {
  let now = 1000;
  const codes = createMemory(() => now)("DeviceCode");
  await codes.upsert("a", { userCode: "BBBB", uid: "u", grantId: "g" }, 10);
  expect(await codes.findByUserCode("BBBB")).toMatchObject({ grantId: "g" });
  now = 1010;
  expect([await codes.find("a"), await codes.findByUserCode("BBBB"), await codes.findByUid("u")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it("is the same for every provider that asks by the same name, and another by another name", async () => {
  const memory = createMemory(() => 0);
  await memory("Grant").upsert("a", { grantId: "g" });
  expect(await memory("Grant").find("a")).toBeDefined();
  expect(await memory("Session").find("a")).toBeUndefined();
});

it("keeps 10,000 of a kind: those that have expired make room first, then the oldest", async () => {
  let now = 0;
  const tokens = createMemory(() => now)("AccessToken");
  await tokens.upsert("oldest", {}, 1000);
  await tokens.upsert("short", {}, 1);
  for (let i = 0; i < 9998; i++) await tokens.upsert(String(i), {}, 1000);
  now = 5;
  await tokens.upsert("one more", {}, 1000);
  expect(await tokens.find("oldest")).toBeDefined();
  await tokens.upsert("another", {}, 1000);
  expect(await tokens.find("oldest")).toBeUndefined();
  expect(await tokens.find("0")).toBeDefined();
});
