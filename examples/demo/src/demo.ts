// npm start: a development issuer and a protected API on loopback, and commands that show what each answer is for.
import { createApp } from "@scitokens/example-express";
import { startOAuthIssuer } from "@scitokens/issuer/oauth";
import { listenOn } from "./listen-on.js";
import { commands } from "./commands.js";

const AUDIENCE = "https://datafind.example.org";
const SCOPE = "openid offline_access gwdatafind.read read:/frames";

const issuer = await listenOn(8080, (port) =>
  startOAuthIssuer({
    port,
    clients: [
      { clientId: "demo", scope: SCOPE },
      { clientId: "demo-service", clientSecret: "demo-secret", scope: SCOPE },
    ],
    users: [{ sub: "alice" }, { sub: "bob", scope: "gwdatafind.read read:/frames/L1" }],
    lifetimes: { accessToken: 3600 },
  }),
);
const trust = { issuer: { issuer: issuer.value.issuer, allowInsecureIssuer: true }, audience: AUDIENCE };
const app = createApp(trust);
const api = await listenOn(3000, async (port) => {
  const server = app.listen(port, "127.0.0.1");
  await new Promise((resolve, reject) => void server.once("listening", resolve).once("error", reject));
  return server;
});
const address = api.value.address();
const apiUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;

console.log(`SciTokens demonstration

  issuer         ${issuer.value.issuer}${issuer.moved ? "   (port 8080 is taken by another program)" : ""}
  protected API  ${apiUrl}${api.moved ? "   (port 3000 is taken by another program)" : ""}

Paste these into another terminal, in the same folder; Ctrl-C here ends both.
`);
for (const { shows, command } of await commands(issuer.value, apiUrl, AUDIENCE)) {
  console.log(`# ${shows}\n${command}\n`);
}
