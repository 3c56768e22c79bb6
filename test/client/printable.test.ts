// Text from outside in messages: no token, no secret, nothing that moves a cursor. The base is not exported: it is asked itself.
import { expect, it } from "vitest";
import { printable } from "../../packages/client/src/base/printable.js";

it.each<[string, readonly string[], string]>([
  ["Bad client_secret: wrong secret", ["secret"], "Bad client_[secret]: wrong [secret]"],
  ["slow", ["s", "secret"], "[secret]low"],
  ["a [secret] b", ["e"], "a [s[secret]cr[secret]t] b"],
  ["code=a%2Fb", ["a/b"], "code=[secret]"],
  ["the longer one: abcdef", ["abc", "abcdef"], "the longer one: [secret]"],
  ["cut: 12345678", ["x12345678y"], "cut: [secret]"],
  ["short: 1234567", ["x12345678y"], "short: 1234567"],
  ["a\uE000b\uE001c", [], "a b c"],
  ["a\u001b[2J\u202eb", [], "a [2J b"],
])("%j without %j is %j", (text, secrets, shown) => {
  expect(printable(text, secrets)).toBe(shown);
});

it.each(['{"alg":"ES256"}', '{ "alg":"ES256"}', '{\n"alg":"ES256"}', '{\r\n"alg":"ES256"}', '{\t"alg":"ES256"}'])(
  "leaves out what begins as a token does: %j",
  (header) => {
    const token = `${Buffer.from(header).toString("base64url")}.eyJhIjoxfQ.c2ln-_`;
    expect(printable(`<${token}> and token=${token}, ${token.slice(0, 20)}`)).toBe(
      "<[token]> and token=[token], [token]",
    );
  },
);

it("leaves words alone that only look a little like one", () => {
  expect(printable("reworking-the-files of ewoks, ewa and eyes")).toBe("reworking-the-files of ewoks, ewa and eyes");
});
