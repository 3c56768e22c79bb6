// The same with emitDecoratorMetadata, which the tsconfig.json beside this file switches on, and most Nest applications have.
import "reflect-metadata";
import { Controller, Get, Injectable, Module } from "@nestjs/common";
import { afterEach, expect, it } from "vitest";
import { Protect, SciToken, SciTokensModule, Token } from "@scitokens/nest";
import { closeAll, start, T, trust } from "../fixture.js";

afterEach(closeAll);

@Injectable()
class Names {
  readonly name = "H1";
}

@Controller()
class Frames {
  readonly names: Names;
  constructor(names: Names) {
    this.names = names;
  }
  @Protect("read:/data") @Get("data") data(@Token() token: SciToken): object {
    return { subject: token.subject, name: this.names.name };
  }
}

@Module({ imports: [SciTokensModule.forRoot(trust)], controllers: [Frames], providers: [Names] })
class App {}

it("injects by type, and guards all the same (H3)", async () => {
  expect(Reflect.getMetadata("design:paramtypes", Frames)).toEqual([Names]);
  expect(Reflect.getMetadata("design:paramtypes", Frames.prototype, "data")).toEqual([SciToken]);
  const { get } = await start(App);
  expect((await get("/data")).status).toBe(401);
  expect((await get("/data", T)).body).toBe('{"subject":"alice","name":"H1"}');
});
