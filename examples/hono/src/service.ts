// Starts the service on Node: ISSUER and AUDIENCE say whom it trusts and who it is.
import { serve } from "@hono/node-server";
import { createApp } from "./app.js";

const { ISSUER = "https://auth.cern.ch/auth/realms/cern", AUDIENCE = "https://requests.example.org" } = process.env;

// http is for the development issuer on this machine, and for nothing else.
const allowInsecureIssuer = new URL(ISSUER).hostname === "127.0.0.1";
const app = createApp({ issuer: { issuer: ISSUER, allowInsecureIssuer }, audience: AUDIENCE });

const port = Number(process.env["PORT"] ?? "3000");
serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, (address) => {
  console.log(`listening on http://127.0.0.1:${address.port}`);
});
