// Starts the origin: ISSUER and AUDIENCE say whom it trusts and who it is, DIRECTORY where its files are.
import { createApp } from "./app.js";

const {
  ISSUER = "https://cilogon.org/igwn",
  AUDIENCE = "https://origin.example.org",
  DIRECTORY = "data",
  PORT = "3000",
} = process.env;

// http is for the development issuer on this machine, and for nothing else.
const allowInsecureIssuer = new URL(ISSUER).hostname === "127.0.0.1";

const app = await createApp({
  trust: {
    issuer: { issuer: ISSUER, basePath: "/igwn", allowInsecureIssuer },
    // Tokens for any audience open it too: caches ask in the name of whoever asks them.
    audience: AUDIENCE,
    // Why somebody was refused: for the log, never for the answer.
    onEvent: (event) => event.type === "refused" && console.error(JSON.stringify(event)),
  },
  directory: DIRECTORY,
});

console.log(`listening on ${await app.listen({ host: "127.0.0.1", port: Number(PORT) })}`);
