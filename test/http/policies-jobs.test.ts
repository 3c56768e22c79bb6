// What a rule for a group gives at a compute element, by either language's name of it. Rules S5, S7.
import { describe, expect, it } from "vitest";
import { matrix } from "../support/table.js";
import { sign } from "./storage-rows.js";
import { ask } from "./storage-server.js";

/** As scopes of a SciToken, too. */
const CONDOR_RULES = matrix(`
                   compute.read  compute.create  compute.modify  compute.cancel  condor:/READ  condor:/WRITE
  condor:/READ     +             -               -               -               +             -
  condor:/WRITE    -             +               +               +               -             +
  condor:/         +             +               +               +               +             +
  condor:/READ/    -             -               -               -               -             -
  condor:/READS    -             -               -               -               -             -
`);

/** What a rule of a compute element gives, by the name that a route asks for. */
const COMPUTE = matrix(`
                                                compute.read  compute.create  compute.modify  compute.cancel  condor:/READ  condor:/WRITE  condor:/x
  condor:/READ                                  +             -               -               -               +             -              -
  condor:/WRITE                                 -             +               +               +               -             +              -
  condor:/x                                     -             -               -               -               -             -              +
  condor:/                                      +             +               +               +               +             +              +
  compute.read                                  +             -               -               -               +             -              -
  compute.create compute.cancel                 -             +               -               +               -             -              -
  compute.create compute.modify compute.cancel  -             +               +               +               -             +              -
`);

describe("a rule for jobs", () => {
  it.each(COMPUTE)("that allows %s holds for either language's name of it (S5, S7)", async (allow, cells) => {
    const options = { groups: [{ group: "/wlcg", allow: allow.split(" ") }] };
    for (const [rule, wanted] of cells) {
      const told = await ask({ request: "POST /jobs", claims: { "wlcg.groups": ["/wlcg"] }, options, rule });
      expect([rule, sign(told)]).toEqual([rule, wanted]);
    }
  });

  it.each(CONDOR_RULES)(
    "that allows %s allows what a SciToken with that scope may do (S5, S7)",
    async (scope, cells) => {
      const options = { groups: [{ group: "/wlcg", allow: [scope] }] };
      for (const [rule, wanted] of cells) {
        const member = await ask({ request: "GET /", claims: { "wlcg.groups": ["/wlcg"] }, options, rule });
        const holder = await ask({ request: "GET /", profile: "scitokens-2", scope, rule });
        expect([rule, sign(member), sign(holder)]).toEqual([rule, wanted, wanted]);
      }
    },
  );
});
