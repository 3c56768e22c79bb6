// Rules for groups and hosts, operations and report-only at handlers: what depends on the module is checked when it starts.
// Rules S7, S10, R3, H9.
import { Controller, Get, Module } from "@nestjs/common";
import type { Type } from "@nestjs/common";
import { operation, Protect, SciTokensModule } from "@scitokens/nest";
import type { SciTokensOptions } from "@scitokens/nest";
import { afterEach, describe, expect, it, vi } from "vitest";
import { wlcgToken as wlcg } from "../contract/fixture.js";
import { closeAll, failureOf, ISSUER, start, trust } from "./fixture.js";

afterEach(closeAll);

function appOf(controller: Type, more: Partial<SciTokensOptions> = {}): Type {
  @Module({ imports: [SciTokensModule.forRoot({ ...trust, ...more })], controllers: [controller] })
  class App {}
  return App;
}

describe("@Protect", () => {
  it("takes rules for groups and hosts that name the module's issuer (S7, S10)", async () => {
    @Controller()
    class Files {
      @Protect({
        scope: "read:/data",
        groups: [{ group: "/cms", issuer: ISSUER, allow: ["read:/data"] }],
        hosts: [{ issuer: ISSUER, subject: "host:a.example.org", allow: ["read:/"] }],
      })
      @Get("data")
      data(): string {
        return "data";
      }
    }
    const { get } = await start(appOf(Files));
    expect((await get("/data", wlcg({ "wlcg.groups": ["/cms"] }))).status).toBe(200);
    expect((await get("/data", wlcg({ "wlcg.groups": ["/atlas"] }))).status).toBe(403);
    expect((await get("/data", wlcg({ sub: "host:a.example.org", scope: "host.auth" }))).status).toBe(200);
  });

  it("takes a scope to the module's rules, and the module rules without a scope (S7)", async () => {
    @Controller()
    class Files {
      @Protect("read:/data") @Get("data") data(): string {
        return "data";
      }
    }
    const { get } = await start(appOf(Files, { groups: [{ group: "/cms", allow: ["read:/data"] }] }));
    expect((await get("/data", wlcg({ "wlcg.groups": ["/cms"] }))).status).toBe(200);
  });

  it("names an issuer that is not trusted when the application starts (S7)", async () => {
    @Controller()
    class Files {
      @Protect({ scope: "read:/", groups: [{ group: "/cms", issuer: "https://other.example.org", allow: ["read:/"] }] })
      @Get("data")
      data(): string {
        return "data";
      }
    }
    expect(String(await failureOf(start(appOf(Files))))).toMatch(
      /Files\.data: groups: expected an issuer that is trusted here/,
    );
  });

  it("takes an operation on a path (R3)", async () => {
    @Controller()
    class Tape {
      @Protect(operation("stage", "/data")) @Get("stage") stage(): string {
        return "staged";
      }
    }
    const { get } = await start(appOf(Tape));
    expect((await get("/stage", wlcg({ scope: "storage.stage:/data" }))).status).toBe(200);
    expect((await get("/stage", wlcg({ scope: "storage.read:/data" }))).status).toBe(403);
  });

  it("warns of a handler that only reports, for the module's enforcer and no other (H9)", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockReturnValue();
    const types: unknown[] = [];
    @Controller()
    class Files {
      @Protect({ scope: "read:/data", mode: "report" }) @Get("data") data(): string {
        return "data";
      }
    }
    const onEvent = (event: object): void => void types.push(event);
    const { get } = await start(appOf(Files, { onEvent }));
    expect((await get("/data")).status).toBe(200);
    expect(types).toMatchObject([
      { type: "report_only", issuers: [ISSUER] },
      { type: "refused", enforced: false, code: "missing_token" },
    ]);
    expect(warned).toHaveBeenCalledTimes(1);
  });
});
