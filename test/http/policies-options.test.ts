// What may be wrong with the options of groups and hosts, and is said at start. Rules S7, S10, I12, H9.

import { createProtection, fromRequest } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { ISSUER, key } from "../support/static-issuer.js";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { enforcerOf } from "./storage-server.js";

const TWO = "https://two.example.org";
const RULE = { group: "/wlcg", allow: ["read:/"] };
const HOST_RULE = { issuer: ISSUER, subject: "host:x.example.org", allow: ["read:/"] };

/** What is wrong, and words that its sentence has. */
const WRONG: readonly (readonly [why: string, options: object, sentence: RegExp])[] = [
  ["groups as a text", { groups: "/cms" }, /^groups: expected a list/],
  ["no groups at all", { groups: [] }, /^groups: expected a list/],
  ["groups that are undefined", { groups: undefined }, /^groups: .*leave it out/],
  ["groups that are null", { groups: null }, /^groups: expected a list/],
  ["a group without a slash", { groups: ["cms"] }, /^groups: expected WLCG group names/],
  ["a group with one at its end", { groups: ["/cms/"] }, /^groups: expected WLCG group names/],
  ["a pattern of groups", { groups: ["/cms/*"] }, /^groups: expected WLCG group names/],
  ["no rule but null", { groups: [null] }, /^groups: expected/],
  ["a rule for no group", { groups: [{ allow: ["read:/"] }] }, /^groups: expected WLCG group names/],
  [
    "a rule for a group without a slash",
    { groups: [{ ...RULE, group: "wlcg" }] },
    /^groups: expected WLCG group names/,
  ],
  ["a rule that allows nothing", { groups: [{ group: "/wlcg" }] }, /'\/wlcg'\.allow: expected a list of scopes/],
  ["an empty allow", { groups: [{ ...RULE, allow: [] }] }, /'\/wlcg'\.allow: expected a list of scopes/],
  ["allow as a text", { groups: [{ ...RULE, allow: "read:/" }] }, /'\/wlcg'\.allow: expected a list of scopes/],
  [
    "two scopes in one text",
    { groups: [{ ...RULE, allow: ["read:/ write:/"] }] },
    /'\/wlcg'\.allow: expected one scope/,
  ],
  ["a scope that is no text", { groups: [{ ...RULE, allow: [7] }] }, /'\/wlcg'\.allow: expected one scope in each/],
  [
    "read without a path",
    { groups: [{ ...RULE, allow: ["read"] }] },
    /'\/wlcg'\.allow: 'read': expected an absolute path/,
  ],
  [
    "read on a relative path",
    { groups: [{ ...RULE, allow: ["read:x"] }] },
    /'\/wlcg'\.allow: 'read:x': expected an absolute/,
  ],
  ["a path that leads upwards", { groups: [{ ...RULE, allow: ["read:/../x"] }] }, /'\/wlcg'\.allow: .*'\.\.'/],
  ["an empty except", { groups: [{ ...RULE, except: [] }] }, /'\/wlcg'\.except: expected a list of scopes/],
  [
    "except without a path",
    { groups: [{ ...RULE, except: ["read"] }] },
    /'\/wlcg'\.except: 'read': expected an absolute/,
  ],
  [
    "create excepted, and not modify",
    { groups: [{ ...RULE, allow: ["write:/"], except: ["storage.create:/x"] }] },
    /part of 'storage\.modify'/,
  ],
  [
    "poll excepted, and not stage",
    { groups: [{ ...RULE, allow: ["storage.stage:/"], except: ["storage.poll:/x"] }] },
    /part of 'storage\.stage'/,
  ],
  [
    "create excepted, and not modify below it",
    { groups: [{ ...RULE, allow: ["write:/x/y"], except: ["storage.create:/x"] }] },
    /part of 'storage\.modify'/,
  ],
  // An exception that takes nothing away leaves open what was meant to be closed.
  ["an exception of an unknown name", { groups: [{ ...RULE, except: ["Read:/x"] }] }, /'\/wlcg'\.except: /],
  ["an exception of no operation", { groups: [{ ...RULE, except: ["storage.write:/x"] }] }, /'\/wlcg'\.except: /],
  ["an exception without a path", { groups: [{ ...RULE, except: ["queue"] }] }, /'\/wlcg'\.except: /],
  [
    "a rule beside a plain name, and no scope",
    { groups: ["/atlas", RULE], scope: undefined },
    /^scope: expected beside rules/,
  ],
  ["except that is undefined", { groups: [{ ...RULE, except: undefined }] }, /^groups: except: expected a value/],
  ["allow of an operation that nobody knows", { groups: [{ ...RULE, allow: ["storage.write:/"] }] }, /allows nothing/],
  ["allow of create without a path", { groups: [{ ...RULE, allow: ["create"] }] }, /allows nothing/],
  ["allow of a value that is no capability", { groups: [{ ...RULE, allow: ["wlcg:1.0"] }] }, /allows nothing/],
  ["allow of a path alone", { groups: [{ ...RULE, allow: ["/data"] }] }, /allows nothing/],
  ["allow of a compute right with a path", { groups: [{ ...RULE, allow: ["compute.read:/x"] }] }, /allows nothing/],
  ["an exception beside what is allowed", { groups: [{ ...RULE, except: ["write:/x"] }] }, /takes nothing/],
  [
    "an exception without a path",
    { groups: [{ ...RULE, allow: ["queue"], except: ["queue"] }] },
    /expected a path within/,
  ],
  [
    "an exception of jobs",
    { groups: [{ ...RULE, allow: ["condor:/"], except: ["condor:/READ"] }] },
    /'condor': expected a path within/,
  ],
  [
    "an exception of another right",
    { groups: [{ ...RULE, allow: ["storage.create:/"], except: ["read:/x"] }] },
    /takes nothing/,
  ],
  ["a misspelt except", { groups: [{ ...RULE, exept: ["read:/x"] }] }, /'exept'; did you mean 'except'/],
  ["a misspelt allow", { groups: [{ group: "/wlcg", allows: ["read:/"] }] }, /'allows'; did you mean 'allow'/],
  [
    "an issuer that is not trusted",
    { groups: [{ ...RULE, issuer: TWO }] },
    /^groups: expected an issuer that is trusted/,
  ],
  ["rules without a scope beside them", { groups: [RULE], scope: undefined }, /^scope: expected/],
  ["hosts without a scope beside them", { hosts: [HOST_RULE], scope: undefined }, /^scope: expected/],
  ["no hosts at all", { hosts: [] }, /^hosts: expected a list of rules/],
  ["hosts that are undefined", { hosts: undefined }, /^hosts: .*leave it out/],
  ["a host as a text", { hosts: ["host:x.example.org"] }, /^hosts: expected/],
  ["a host of no issuer", { hosts: [{ subject: "host:x", allow: ["read:/"] }] }, /^hosts: expected an issuer/],
  [
    "a host of another issuer",
    { hosts: [{ ...HOST_RULE, issuer: TWO }] },
    /^hosts: expected an issuer that is trusted/,
  ],
  ["a host without a subject", { hosts: [{ issuer: ISSUER, allow: ["read:/"] }] }, /^hosts: expected a subject/],
  ["a host with an empty subject", { hosts: [{ ...HOST_RULE, subject: "" }] }, /^hosts: expected a subject/],
  ["a host that is a group", { hosts: [{ ...HOST_RULE, group: "/wlcg" }] }, /^hosts: unknown option 'group'/],
  ["a host that may nothing", { hosts: [{ issuer: ISSUER, subject: "host:x" }] }, /'host:x'\.allow: expected a list/],
  ["an unknown mode", { mode: "Report" }, /^mode: expected 'enforce' or 'report'/],
];

const both = enforcerOf({
  issuer: [ISSUER, TWO].map((issuer) => ({ issuer, jwks: { keys: [key.jwk] } })),
});

/** The sentence of what is wrong at start; scope and enforcer are right, unless they are given. */
function sentenceOf(given: object, enforcer = enforcerOf()): string {
  const { scope, ...options }: { scope?: unknown } = { scope: fromRequest(), ...given };
  const all = { enforcer, ...options, ...(scope === undefined ? {} : { scope }) };
  return typeErrorOf(() => createProtection(wrong(all)));
}

describe("options of groups and hosts", () => {
  it.each(WRONG)("are wrong at start: %s (S7, S10, H9)", (_, given, sentence) => {
    expect(sentenceOf(given)).toMatch(sentence);
  });

  it("must say a rule's issuer where several are trusted: each has groups of its own (S7, I12)", () => {
    expect(sentenceOf({ groups: [RULE] }, both)).toMatch(/^groups: '\/wlcg': expected issuer: several are trusted/);
    for (const good of [[{ ...RULE, issuer: TWO }], ["/wlcg"]]) {
      expect(sentenceOf({ groups: good }, both)).toBe("(nothing was thrown)");
    }
  });

  it.each([
    ["a plain group", { groups: ["/wlcg"] }],
    ["a plain group without a scope", { groups: ["/wlcg"], scope: undefined }],
    ["a rule", { groups: [RULE] }],
    ["a rule that says its issuer", { groups: [{ ...RULE, issuer: ISSUER }] }],
    ["rules and plain groups", { groups: ["/wlcg", RULE, { ...RULE, allow: ["write:/x"] }] }],
    ["hosts", { hosts: [HOST_RULE] }],
    ["a subject of another form", { hosts: [{ ...HOST_RULE, subject: "x.example.org" }] }],
    ["both", { groups: [RULE], hosts: [HOST_RULE] }],
    ["allow of a bare capability", { groups: [{ ...RULE, allow: ["compute.read", "queue"] }] }],
  ])("are right: %s (S7, S10)", (_, given) => {
    expect(sentenceOf(given)).toBe("(nothing was thrown)");
  });
});
