// The Authorization header read word by word. RFC 6750 2.1, RFC 9110 11.4, rules H1, H2.

const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Letter by letter: a word, blanks, a token, blanks. A blank before it is no header that HTTP knows. */
export function readLines(lines: readonly string[]): string | undefined {
  if (new Set(lines).size > 1) return "400";
  const words = (lines[0] ?? "").split(" ").filter((word) => word !== "");
  if (words[0]?.toLowerCase() !== "bearer") return undefined;
  const isAtStart = lines[0]?.startsWith(" ") === false;
  return isAtStart && words.length === 2 && TOKEN68.test(words[1] ?? "") ? words[1] : "400";
}
