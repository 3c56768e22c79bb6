// Starts the server: ISSUER and AUDIENCE say whom it trusts and who it is (several names, with commas). In DIRECTORY it keeps what
// it serves, in `files/`, and what is not whole yet. What it allows to groups is what the WLCG compliance tests of tokens in
// storage expect.
import { createApp } from "./app.js";
import { Storage } from "./storage.js";

const {
  ISSUER = "https://wlcg.cloud.cnaf.infn.it/",
  AUDIENCE = "https://storage.example.org",
  DIRECTORY = "data",
  PORT = "3000",
} = process.env;

// http is for the development issuer on this machine, and for nothing else.
const allowInsecureIssuer = new URL(ISSUER).hostname === "127.0.0.1";

// The name that several servers share, and each one's own.
const [resource = "", ...others] = AUDIENCE.split(",");

const app = await createApp({
  trust: {
    // A token's /x is /wlcg/x here.
    issuer: { issuer: ISSUER, basePath: "/wlcg", allowInsecureIssuer },
    audience: [resource, ...others],
    resourceMetadata: { resource },
    // Why somebody was refused: for the log, never for the answer.
    onEvent: (event) => event.type === "refused" && console.error(JSON.stringify(event)),
  },
  policy: {
    groups: [
      { group: "/wlcg", allow: ["read:/", "write:/"], except: ["write:/protected"] },
      { group: "/wlcg/test", allow: ["read:/protected", "write:/protected"] },
    ],
  },
  storage: await Storage.open(DIRECTORY, ["wlcg"]),
});

console.log(`listening on ${await app.listen({ host: "127.0.0.1", port: Number(PORT) })}`);
