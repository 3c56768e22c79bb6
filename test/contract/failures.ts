// Rows of the contract: what is no fault of the token is not blamed on it. Rule H3, the last row of its table.
import { expect, it } from "vitest";
import type { Client } from "./client.js";
import { bearer, breakClock, T } from "./fixture.js";

export function describeFailures({ get }: Client): void {
  it("leaves an error of the handler to the framework's own 500 (H3)", async () => {
    const { status, headers } = await get("/broken", bearer(T));
    expect(status).toBe(500);
    expect(headers["www-authenticate"]).toBeUndefined();
  });

  it("leaves an error of a scope function to the framework's own 500 (H3)", async () => {
    const { status, headers } = await get("/broken-rule", bearer(T));
    expect(status).toBe(500);
    expect(headers["www-authenticate"]).toBeUndefined();
  });

  it.each(["undefined", "null", "route", "router", "0"])(
    "answers 500 when a function of the route rejects with %s (H3)",
    async (what) => {
      const { status, body } = await get(`/rejects-${what}`, bearer(T));
      expect(status).toBe(500);
      expect(body).not.toContain("reached");
    },
  );

  it("leaves a handler's rejected promise to the framework's own 500 (H3)", async () => {
    const { status, headers } = await get("/rejects", bearer(T));
    expect(status).toBe(500);
    expect(headers["www-authenticate"]).toBeUndefined();
  });

  it.each([0, 1, 2])(
    "takes no error of another request for the answer of this one, whatever its status: %i (H3)",
    async (i) => {
      const { status, headers } = await get(`/fails-${i}`, bearer(T));
      expect(status).toBe(500);
      expect(headers["www-authenticate"]).toBeUndefined();
    },
  );

  it("takes no error of ours that a function met elsewhere for a refusal of this token (H3)", async () => {
    const { status, headers } = await get("/asks-another", bearer(T));
    expect(status).toBe(500);
    expect(headers["www-authenticate"]).toBeUndefined();
  });

  it("takes an error of the clock for what it is, an error of the program (H3, C4)", async () => {
    breakClock();
    for (const lines of [[bearer(T)], []]) {
      const { status, headers } = await get("/no-clock", ...lines);
      expect(status).toBe(500);
      expect(headers["www-authenticate"]).toBeUndefined();
    }
  });
}
