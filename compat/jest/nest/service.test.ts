// A Nest application under test in a CommonJS project of TypeScript.
import "reflect-metadata";
import type { AddressInfo } from "node:net";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { createTestIssuer } from "@scitokens/issuer";
import { Protect, SciTokensModule, Token } from "@scitokens/nest";

const audience = "https://data.example.org";

@Controller()
class DataController {
  @Get("data")
  @Protect("read:/data")
  list(@Token("sub") subject: string): object {
    return { subject };
  }
}

test("a protected handler", async () => {
  const { issuer, jwks, token } = await createTestIssuer();
  @Module({
    imports: [SciTokensModule.forRoot({ audience, issuer: { issuer, jwks } })],
    controllers: [DataController],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(0, "127.0.0.1");
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/data`;
  const raw = await token({ sub: "alice", aud: audience, scope: "read:/data" });
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${raw}` } });
  expect(await answer.json()).toEqual({ subject: "alice" });
  expect((await fetch(url)).status).toBe(401);
  await app.close();
});
