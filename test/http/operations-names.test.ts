// The names of what a route requires, and those that tokens have for it, in either language: storage and compute. Rules S5, S6.
import type { ProfileName } from "@scitokens/core";
import { fromRequest } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { matrix } from "../support/table.js";
import { sign } from "./storage-rows.js";
import { ask, enforcerOf } from "./storage-server.js";
import type { Asking } from "./storage-server.js";

const PROFILE: Readonly<Record<string, ProfileName>> = { w: "wlcg", s: "scitokens-2", p: "at-jwt" };

/** Rules of a compute element. `w`: a WLCG token; `s`: a SciTokens 2.0 token; `p`: at-jwt. */
const COMPUTE = matrix(`
                                             compute.read  compute.create  compute.modify  compute.cancel  condor:/READ  condor:/WRITE  condor:/READ/x  condor:/
  w compute.read                             +             -               -               -               +             -              +               -
  w compute.create                           -             +               -               -               -             -              -               -
  w compute.create compute.modify            -             +               +               -               -             -              -               -
  w compute.create compute.cancel            -             +               -               +               -             -              -               -
  w compute.modify compute.cancel            -             -               +               +               -             -              -               -
  w compute.cancel compute.create compute.modify  -        +               +               +               -             +              -               -
  w compute.create:/x compute.modify compute.cancel  -     -               +               +               -             -              -               -
  w compute.read:/x                          -             -               -               -               -             -              -               -
  w condor:/READ                             -             -               -               -               +             -              +               -
  w condor:/                                 -             -               -               -               +             +              +               +
  w compute.*                                -             -               -               -               -             -              -               -
  w storage.modify:/ storage.read:/          -             -               -               -               -             -              -               -
  s condor:/READ                             +             -               -               -               +             -              +               -
  s condor:/WRITE                            -             +               +               +               -             +              -               -
  s condor:/                                 +             +               +               +               +             +              +               +
  s condor:/READS                            -             -               -               -               -             -              -               -
  s condor:/READ/x                           -             -               -               -               -             -              +               -
  s condor:/read                             -             -               -               -               -             -              -               -
  s compute.read                             +             -               -               -               -             -              -               -
  s compute.create compute.modify compute.cancel  -        +               +               +               -             -              -               -
  p condor:/READ                             -             -               -               -               +             -              +               -
  p compute.read                             +             -               -               -               -             -              -               -
  // equivalence: false
  W compute.read                             +             -               -               -               -             -              -               -
  W compute.create compute.modify compute.cancel  -        +               +               +               -             -              -               -
  S condor:/READ                             -             -               -               -               +             -              +               -
  S condor:/                                 -             -               -               -               +             +              +               +
`);

describe("a compute element", () => {
  const audience = "ce.example.org:9619";
  const translating = enforcerOf({ audience });
  const literal = enforcerOf({ audience, equivalence: false });

  it.each(COMPUTE)("lets %j do what it says, in either language (S5, S6)", async (row, cells) => {
    const [, letter = "", held = ""] = /^(\w) (.*)$/.exec(row) ?? [];
    const asking: Asking = {
      request: "POST /jobs",
      scope: held,
      profile: PROFILE[letter.toLowerCase()] ?? "wlcg",
      claims: { aud: audience },
      enforcer: letter === letter.toLowerCase() ? translating : literal,
    };
    for (const [rule, wanted] of cells) expect([rule, sign(await ask({ ...asking, rule }))]).toEqual([rule, wanted]);
  });

  it("does not let compute capabilities touch files, nor files' ones jobs (S5, S6)", async () => {
    const claims = { aud: audience };
    const jobs = "compute.read compute.create compute.modify compute.cancel condor:/";
    expect(
      (await ask({ request: "GET /x", scope: jobs, claims, enforcer: translating, rule: fromRequest() })).verdict,
    ).toBe("403");
    expect((await ask({ request: "PUT /WRITE", scope: jobs, claims, enforcer: translating })).verdict).toBe("403");
  });
});

/** Names in options and names in tokens, translated or not. */
const NAMES = matrix(`
                     read:/x  storage.read:/x  write:/x  storage.modify:/x  storage.create:/x  create:/x  modify:/x  storage.stage:/x  storage.poll:/x
  w storage.read:/   +        +                -         -                  -                  -          -          -                 -
  w storage.modify:/  -       -                +         +                  +                  +          +          -                 -
  w storage.create:/  -       -                -         -                  +                  +          -          -                 -
  w storage.stage:/  -        -                -         -                  -                  -          -          +                 +
  w storage.poll:/   -        -                -         -                  -                  -          -          -                 +
  w read:/           +        -                -         -                  -                  -          -          -                 -
  w write:/          -        -                +         -                  -                  -          -          -                 -
  s read:/           +        +                -         -                  -                  -          -          -                 -
  s write:/          -        -                +         +                  +                  +          +          -                 -
  s storage.read:/   -        +                -         -                  -                  -          -          -                 -
  s storage.modify:/  -       -                -         +                  -                  -          -          -                 -
  s storage.create:/  -       -                -         -                  +                  -          -          -                 -
  s storage.stage:/  -        -                -         -                  -                  -          -          +                 -
  p read:/           +        -                -         -                  -                  -          -          -                 -
  p storage.modify:/  -       -                -         +                  -                  -          -          -                 -
  W storage.read:/   -        +                -         -                  -                  -          -          -                 -
  W storage.modify:/  -       -                -         +                  +                  -          -          -                 -
  W storage.stage:/  -        -                -         -                  -                  -          -          +                 +
  S read:/           +        -                -         -                  -                  -          -          -                 -
  S write:/          -        -                +         -                  -                  -          -          -                 -
`);

describe("a scope that a route requires", () => {
  const enforcers = { true: enforcerOf(), false: enforcerOf({ equivalence: false }) };

  it.each(NAMES)("is met by %j or not, in the token's own language (S5)", async (row, cells) => {
    const [, letter = "", held = ""] = /^(\w) (.*)$/.exec(row) ?? [];
    const profile = PROFILE[letter.toLowerCase()] ?? "wlcg";
    const enforcer = enforcers[letter === letter.toLowerCase() ? "true" : "false"];
    for (const [rule, wanted] of cells) {
      const told = await ask({ request: "GET /y", scope: held, profile, enforcer, rule });
      expect([rule, sign(told)]).toEqual([rule, wanted]);
    }
  });
});
