// What the OAuth issuer keeps: each thing for its time, and never too many.
import { expect, it } from "vitest";
import { createIssuedTokens } from "../../packages/issuer/src/oauth/grants/issued-tokens.js";
import { refuseRevoked } from "../../packages/issuer/src/oauth/provider/token-exchange.js";
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

it("tells of whatever it lets go, and of nothing that it keeps", async () => {
  let now = 0;
  const gone: string[] = [];
  const tokens = createMemory(
    () => now,
    (id) => void gone.push(id),
  )("AccessToken");
  for (const id of ["destroyed", "revoked", "expired", "kept"])
    await tokens.upsert(id, { grantId: id === "revoked" ? "g" : "h" }, id === "expired" ? 1 : 1000);
  await tokens.upsert("kept", {}, 1000);
  await tokens.destroy("destroyed");
  await tokens.destroy("never there");
  await tokens.revokeByGrantId("g");
  now = 5;
  await tokens.find("expired");
  expect(gone).toEqual(["destroyed", "revoked", "expired"]);
  for (let i = 0; i < 10_000; i++) await tokens.upsert(String(i), {}, 1000);
  expect(gone.slice(3)).toEqual(["kept"]);
});

it("remembers a token that is revoked until it expires, however many come after it", () => {
  let now = 0;
  const issued = createIssuedTokens(() => now, 3);
  const revoke = (jti: string, expires: number): void => {
    issued.remember(`text of ${jti}`, { id: `id of ${jti}`, jti, expires });
    issued.forget(`id of ${jti}`);
  };
  revoke("first", 100);
  for (let i = 0; i < 50_000; i++) issued.remember(`t${i}`, { id: String(i), jti: `j${i}`, expires: 100 });
  expect([issued.isRevoked("first"), issued.isRevoked("j1"), issued.isRevoked(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([issued.find("text of first"), issued.find("t1")?.id]).toEqual([undefined, "1"]);
  issued.forget("never there");
  revoke("expired before", 0);
  revoke("short", 10);
  revoke("long", 200);
  now = 10;
  revoke("in the place of short", 100);
  expect(issued.isRevoked("j1")).toBe(false);
  revoke("one too many", 50);
  for (const jti of ["j1", "one too many", "whatever"]) expect(issued.isRevoked(jti)).toBe("unsure");
  expect(issued.isRevoked("first")).toBe(true);
  now = 50;
  expect(issued.isRevoked("j1")).toBe(false);
});

it("exchanges no token that was revoked, and none at all while it cannot remember which were", () => {
  const claims = { jti: "x", exp: 1, sub: "ada" };
  expect(() => refuseRevoked({ claims }, { isRevoked: () => true })).toThrow("has been revoked");
  expect(() => refuseRevoked({ claims }, { isRevoked: () => "unsure" })).toThrow("try later");
  expect(() => refuseRevoked({ claims }, { isRevoked: (jti) => jti !== "x" })).not.toThrow();
});
