// docs/several-issuers.md is true: areas, audiences, keys, groups, an issuer that is down. Rules I11, I12, S7, S8, C5.
import { createNetwork, publish, refused, settled } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { describeGuide } from "./describe-guide.js";

const network = createNetwork();
const minters = {
  ATLAS: { issuer: "https://atlas.example.org", audience: "https://se.example.org", key: testKey("ES256", "2026-1") },
  CMS: { issuer: "https://cms.example.org", audience: "https://cms-se.example.org", key: testKey("ES256", "2026-1") },
  LAB: {
    issuer: "https://login.example.org/realms/lab",
    audience: "https://se.example.org",
    key: testKey("RS256", "2026-1"),
    isPlain: true,
  },
  DUNE: { issuer: "https://dune.example.org", audience: "https://se.example.org", key: testKey("ES256", "2026-1") },
};
const { DUNE, ...published } = minters;
for (const minter of Object.values(published)) publish(network, [minter.key], minter);
for (const place of ["openid-configuration", "oauth-authorization-server"]) {
  network.answers.set(`${DUNE.issuer}/.well-known/${place}`, (init) => settled().then(() => refused(init)));
}

describeGuide({ page: "docs/several-issuers.md", network, minters, given: { audience: "https://se.example.org" } });
