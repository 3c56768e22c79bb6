// Rows of the contract: the one header a token may stand in. Rules H1, H2.
import { describe, expect, it } from "vitest";
import type { Client } from "./client.js";
import { bearer, FORGED, T } from "./fixture.js";

export function describeHeader({ get }: Client): void {
  describe("the Authorization header (H1)", () => {
    it.each([
      ["bearer", `authorization: bearer ${T}`, 200],
      ["BEARER and two blanks", `AUTHORIZATION: BEARER  ${T}`, 200],
      ["blanks around it", `Authorization:   Bearer ${T}  `, 200],
      ["Bearers", `Authorization: Bearers ${T}`, 401],
      ["a quoted token", `Authorization: Bearer "${T}"`, 400],
      ["a tab for the blank", `Authorization: Bearer\t${T}`, 401],
      ["two tokens in one line", `Authorization: Bearer ${T}, Bearer ${FORGED}`, 400],
      ["a no-break space", `Authorization: Bearer\u00a0${T}`, 401],
      ["another header", `X-Authorization: Bearer ${T}`, 401],
      ["a cookie", `Cookie: access_token=${T}`, 401],
    ])("%s", async (_, line, status) => {
      expect((await get("/data", line)).status).toBe(status);
    });

    it("never looks into the query (H1)", async () => {
      expect((await get(`/data?access_token=${T}`)).status).toBe(401);
    });
  });

  it("counts equal Authorization lines as one, in whatever spelling of the name (H2)", async () => {
    expect((await get("/data", bearer(T), `authorization: Bearer ${T}`)).status).toBe(200);
  });

  it("refuses different Authorization lines, whichever comes first (H2)", async () => {
    expect((await get("/data", bearer(FORGED), bearer(T))).status).toBe(400);
    expect((await get("/data", bearer(T), "Authorization:")).status).toBe(400);
    expect((await get("/data", bearer(T), "Authorization: Basic eDp5")).status).toBe(400);
  });
}
