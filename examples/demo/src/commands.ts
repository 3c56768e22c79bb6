// The commands that the demonstration prints, with real tokens.
import type { OAuthIssuer } from "@scitokens/issuer/oauth";

export interface Command {
  /** The answer, and what it shows. */
  readonly shows: string;
  readonly command: string;
}

const HOUR = 3600;
const FRAME = "/frames/H1/H-H1_HOFT-1187008882-4096.gwf";
const SCITOKENS = "node packages/cli/dist/main.js"; // once installed: scitokens

export async function commands(
  { issuer, token }: OAuthIssuer,
  api: string,
  audience: string,
): Promise<readonly Command[]> {
  const mint = (scope: string, more: object = {}): Promise<string> =>
    token({ sub: "alice", aud: audience, scope, ...more }, { lifetime: HOUR });
  const curl = (path: string, raw?: string): string =>
    raw === undefined ? `curl -i ${api}${path}` : `curl -i -H 'Authorization: Bearer ${raw}' ${api}${path}`;

  const analyst = await mint("gwdatafind.read read:/frames/H1");
  const elsewhere = await mint("gwdatafind.read", { aud: "https://another.example.org" });
  const body = JSON.stringify({ claims: { sub: "bob", aud: audience, scope: "gwdatafind.read" }, lifetime: HOUR });
  return [
    { shows: "200: the token grants gwdatafind.read", command: curl("/api/v1/gwf.json", analyst) },
    { shows: "200: the token grants read:/frames/H1, and so each file below it", command: curl(FRAME, analyst) },
    { shows: "401: no token; the challenge says which scope to ask for", command: curl("/api/v1/gwf.json") },
    { shows: "401: a good token, but for another server (aud)", command: curl("/api/v1/gwf.json", elsewhere) },
    {
      shows: "403: a good token that does not cover L1",
      command: curl(FRAME.replaceAll("H1", "L1").replace("H-", "L-"), analyst),
    },
    { shows: "400: a path that could mean two things", command: curl("/frames/H1/%2e%2e%2fL1", analyst) },
    {
      shows: "a token of your own: the development issuer signs whatever you ask for",
      command: `curl -s -H 'Content-Type: application/json' -d '${body}' ${issuer}/issue`,
    },
    {
      shows: "a token for a program, by OAuth's client credentials; for more than read:/frames it is refused",
      command: `curl -s -u demo-service:demo-secret -d grant_type=client_credentials -d audience=${audience} -d 'scope=gwdatafind.read read:/frames/H1' ${issuer}/token`,
    },
    {
      shows:
        "a token for a person, by a device code: open the address that it prints, and be alice (or bob, who may see L1 only)",
      command: `${SCITOKENS} get device --issuer ${issuer} --allow-insecure-issuer --client-id demo --audience ${audience} --scope 'gwdatafind.read read:/frames' --print`,
    },
  ];
}
