// A service under test in a CommonJS project.
const express = require("express");
const { getToken, protect } = require("@scitokens/express");
const { createTestIssuer } = require("@scitokens/issuer");

const audience = "https://data.example.org";

test("a protected route", async () => {
  const { issuer, jwks, token } = await createTestIssuer();
  const app = express();
  app.get("/data", protect({ audience, issuer: { issuer, jwks }, scope: "read:/data" }), (req, res) => {
    res.json({ subject: getToken(req).subject });
  });
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${server.address().port}/data`;
  const raw = await token({ sub: "alice", aud: audience, scope: "read:/data" });
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${raw}` } });
  expect(await answer.json()).toEqual({ subject: "alice" });
  expect((await fetch(url)).status).toBe(401);
  server.close();
});
