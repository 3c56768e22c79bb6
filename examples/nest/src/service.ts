// Starts the service: ISSUER and AUDIENCE say whom it trusts and who it is.
import { createApp } from "./app.js";
import { Permissions } from "./permissions.js";

const { ISSUER = "https://cilogon.org/igwn", AUDIENCE = "https://gracedb.example.org", PORT = "3000" } = process.env;

// http is for the development issuer on this machine, and for nothing else.
const allowInsecureIssuer = new URL(ISSUER).hostname === "127.0.0.1";
const app = await createApp({ issuer: { issuer: ISSUER, allowInsecureIssuer }, audience: AUDIENCE });
// A real service keeps its book in a database.
app.get(Permissions).grant(ISSUER, "robert", ["annotate"]);
app.get(Permissions).grant(ISSUER, "joan", ["annotate", "retract"]);

await app.listen(Number(PORT), "127.0.0.1");
console.log(`listening on ${await app.getUrl()}`);
