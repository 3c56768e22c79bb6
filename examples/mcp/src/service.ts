// Starts the service: ISSUER and AUDIENCE say whom it trusts and who it is.
import { createApp } from "./app.js";

const { ISSUER = "https://cilogon.org/igwn", AUDIENCE = "https://mcp.example.org/mcp", PORT = "3000" } = process.env;

// http is for the development issuer on this machine, and for nothing else.
const allowInsecureIssuer = new URL(ISSUER).hostname === "127.0.0.1";
const app = createApp({ issuer: { issuer: ISSUER, allowInsecureIssuer }, audience: AUDIENCE });

const server = app.listen(Number(PORT), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) console.log(`listening on http://127.0.0.1:${address.port}`);
});
