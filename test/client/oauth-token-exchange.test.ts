// A token for a token. RFC 8693.
import { AccessToken, tokenExchange, TokenError } from "@scitokens/client";
import type { TokenRequest } from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { CLIENT, failureOf, refusal, standIn, token } from "./oauth-stand-in.js";

const TYPE = "urn:ietf:params:oauth:token-type:";
const subject = { token: async () => new AccessToken("the-subject-token-0123", { source: "a test" }) };

describe("tokenExchange", () => {
  it("gives the subject's token, and repeats audiences and resources", async () => {
    const issuer = standIn([token({ issued_token_type: `${TYPE}access_token` })]);
    const source = tokenExchange({ ...CLIENT, fetch: issuer.fetch, subject });
    const given = await source.token({ audience: ["a", "b"], resource: ["https://r.test"], scope: "read:/a" });
    expect(given.value).toBe("the-access-token-0123");
    const { form } = issuer.asked[0] ?? { form: new URLSearchParams() };
    form.sort();
    expect([...form]).toEqual([
      ["audience", "a"],
      ["audience", "b"],
      ["grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"],
      ["resource", "https://r.test"],
      ["scope", "read:/a"],
      ["subject_token", "the-subject-token-0123"],
      ["subject_token_type", `${TYPE}access_token`],
    ]);
  });

  it("says which kinds of tokens where the options do", async () => {
    const issuer = standIn([token()]);
    const options = { subjectType: "jwt", requestedType: "access_token", audienceStyle: "space-separated" } as const;
    await tokenExchange({ ...CLIENT, fetch: issuer.fetch, subject, ...options }).token({ audience: ["a", "b"] });
    expect(Object.fromEntries(issuer.asked[0]?.form ?? [])).toMatchObject({
      subject_token_type: `${TYPE}jwt`,
      requested_token_type: `${TYPE}access_token`,
      audience: "a b",
    });
  });

  it("does not ask the subject for what it will exchange for, but passes the signal on", async () => {
    const asked: (TokenRequest | undefined)[] = [];
    const noting = { token: (request?: TokenRequest) => (asked.push(request), subject.token()) };
    const { signal } = new AbortController();
    await tokenExchange({ ...CLIENT, fetch: standIn([token()]).fetch, subject: noting }).token({
      audience: "a",
      signal,
    });
    expect(asked).toEqual([{ signal }]);
  });

  it("fails as the subject does, and asks nobody then", async () => {
    const issuer = standIn([token()]);
    const none = {
      token: () => Promise.reject(new TokenError("not_found", "no token anywhere", { source: "a test" })),
    };
    const source = tokenExchange({ ...CLIENT, fetch: issuer.fetch, subject: none });
    expect(await failureOf(source.token())).toMatchObject({ code: "not_found", message: "no token anywhere" });
    expect(issuer.asked).toEqual([]);
  });

  it("leaves the subject's token out of what the issuer says", async () => {
    const issuer = standIn([refusal("invalid_target", "token the-subject-token-0123 is not for you")]);
    const { message } = await failureOf(tokenExchange({ ...CLIENT, fetch: issuer.fetch, subject }).token());
    expect(message).toContain("invalid_target (token [secret] is not for you)");
  });

  it.each([
    [{ subject: "eyJ" }, "subject must be a source of tokens"],
    [{ subject, subjectType: "saml" }, "subjectType must be one of 'access_token', 'jwt'"],
    [{ subject, requestedTyp: "jwt" }, "did you mean 'requestedType'?"],
  ])("%j is a TypeError", (changes, sentence) => {
    expect(typeErrorOf(() => tokenExchange(wrong({ ...CLIENT, ...changes })))).toContain(sentence);
  });
});
