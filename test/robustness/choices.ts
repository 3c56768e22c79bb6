// Our answer where the corpus leaves a choice (severity policy), or prefers another of several right ones; and by whose rule.

export interface Choice {
  /** The status, on a server that sees requests as they came. */
  readonly answer: string;
  /** Of docs/rules.md. */
  readonly rule: string;
  readonly why: string;
  readonly ids: readonly string[];
}

const CHOICES: readonly Choice[] = [
  { answer: "401", rule: "P2", why: "a SciToken has nbf", ids: ["valid/no-nbf"] },
  {
    answer: "401",
    rule: "I10",
    why: "without kid only an issuer's one usable key is meant, and this one has two",
    ids: ["kid/kid-missing-rs"],
  },
  { answer: "200", rule: "T3", why: "jku is neither followed nor looked at", ids: ["header-inject/jku-on-genuine"] },
  { answer: "401", rule: "T1", why: "enc is a JWE's, whatever else it says", ids: ["header-inject/enc-in-jws"] },
  {
    answer: "200",
    rule: "T5",
    why: "RFC 7518 knows no lower half of s; that a signature has a twin matters to nobody who keys by the whole text (V1)",
    ids: ["signature/es256-high-s"],
  },
  { answer: "401", rule: "T2", why: "at most 32 levels", ids: ["json/deep-nesting-1k"] },
  {
    answer: "200",
    rule: "C1",
    why: "only exp, nbf and iat are bounded; a claim that nothing reads may be any number",
    ids: ["json/huge-number-in-claim"],
  },
  { answer: "401", rule: "C1", why: "a time is 0 at least", ids: ["time/nbf-negative"] },
  { answer: "200", rule: "C6", why: "WLCG's wildcard in a WLCG token", ids: ["aud/aud-wlcg-any"] },
  { answer: "200", rule: "P1", why: "ver decides before wlcg.ver is looked at", ids: ["ver/wlcg-and-scitoken"] },
  { answer: "403", rule: "S5", why: "a SciToken's storage.read is no read", ids: ["scope/authz-storage"] },
  {
    answer: "200",
    rule: "S3",
    why: "empty and `.` segments vanish",
    ids: ["scope/dot-segment", "scope/double-slash-scope", "scope/double-slash-inner"],
  },
  { answer: "200", rule: "S1", why: "runs of spaces are one", ids: ["scope/double-space", "scope/trailing-space"] },
  {
    answer: "403",
    rule: "S4",
    why: "paths are compared as they are: to another octet is another path",
    ids: ["scope/nfc-nfd"],
  },
  {
    answer: "401",
    rule: "P2",
    why: "a SciToken has scope; scp is read where `oauth` is asked for by name (P1), and a prototype's members nowhere",
    ids: ["scope/scp-array", "json/proto-scope", "json/constructor-prototype"],
  },
  {
    answer: "401",
    rule: "S1",
    why: "what is no string is no scope",
    ids: ["scope/type-array", "scope/type-null", "scope/type-number", "scope/type-true"],
  },
  {
    answer: "401",
    rule: "S2",
    why: "an empty name, or a missing, empty or relative path, spoils the whole token",
    ids: ["scope/no-path", "scope/empty-path", "scope/tilde", "scope/colon-path-only", "scope/double-colon"],
  },
  {
    answer: "401",
    rule: "S3",
    why: "`..`, an encoded slash, a control character or a bad escape spoils the whole token",
    ids: [
      "scope/dotdot-escape",
      "scope/pct-2e2e",
      "scope/pct-mixed",
      "scope/pct-slash-child",
      "scope/pct-bad",
      "scope/nul",
      "scope/newline-separated",
    ],
  },
  {
    answer: "400",
    rule: "H1",
    why: "no token68: no credential at all, before a token is looked at",
    ids: ["structure/comma-joined", "base64/header-padded-signed", "base64/payload-garbage-char-signed"],
  },
  {
    answer: "400",
    rule: "H1",
    why: "a line feed ends the line: Node's own parser refuses what is left",
    ids: ["structure/newline-inside", "base64/payload-newline-signed", "base64/sig-newline-end"],
  },
  {
    answer: "401",
    rule: "H1",
    why: "another scheme counts as no credentials",
    ids: ["header/nbsp-separator", "header/comma-joined-basic"],
  },
  { answer: "200", rule: "H1", why: "the query is not looked at", ids: ["header/query-evil-header-good"] },
  {
    answer: "400",
    rule: "R2",
    why: "the path has no one meaning, so that nobody's scope is asked",
    ids: [
      "scope/backslash-request",
      "scope/nul-request",
      "scope/request-pct-double",
      "target/deny:pct-slash",
      "target/deny:pct-slash-2",
      "target/deny:pct-double",
      "target/deny:backslash",
      "target/deny:pct-backslash",
      "target/deny:pct-nul",
      "target/deny:nul-mid",
      "target/deny:absolute-userinfo",
      "target/deny:overlong-slash",
      "target/deny:overlong-dot",
      "target/deny:dot-segment-2",
      "target/deny:many-dotdot",
      "target/deny:tab",
      "target/deny:asterisk",
      "target/deny:pct-bad",
      "target/deny:pct-trunc",
    ],
  },
];

export const choices: ReadonlyMap<string, Choice> = new Map(
  CHOICES.flatMap((choice) => choice.ids.map((id) => [id, choice] as const)),
);
