// What one version of other software judges otherwise than we do, by the rule that decides it here. Rows have digests for
// names: this table says what is known, and is no manual.

/** A class of rows, by `idOf`. */
export interface JudgedOtherwise {
  /** The rule by which they are decided here. */
  readonly rule: string;
  /** What they are about. */
  readonly about: string;
  /** Names with blanks between them. */
  readonly rows: string;
}

/** The versions that the tables were measured with; with another, the rows in them are not looked at. */
export const MEASURED = { "scitokens-cpp": "0.7.3", "xrootd-server": "5.5.3" } as const;

/** The names of the rows. */
export const idsOf = (rows: string): readonly string[] => rows.split(/\s+/);

/** Rows of rows.ts, by scitokens-test-access. */
export const ACCESS: readonly JudgedOtherwise[] = [
  {
    rule: "S4",
    about: "where a path ends",
    rows: `4d950310 40574207 08baa685 ff4e0f20 bc61428f 95ccdd93 04eb42de 12eb0cdb 24cb5793 4aa68fee
      24267e21 3b94bef6`,
  },
  { rule: "S4", about: "what a slash at the end means", rows: "d2d2bde8 1fd6522c 692b1c6a" },
  { rule: "S3", about: "percent-encoding", rows: "0057e5c8 d4626555 76618ef4" },
  {
    rule: "S2",
    about: "rights that need a path",
    rows: `12c7b50b 5c90cc39 cd24fc7f 8e8c8d1d 323310eb 3cc561a1 bfd93767 6940229b 734583a6 e0c0e4a7
      850d7077 e8d2a1fd 83efa9de 7ed892a8`,
  },
  {
    rule: "S5",
    about: "what create and modify include",
    rows: "ca7f383b 99820c64 169564a7",
  },
];

/** Forms of token-forms.ts, by scitokens-test-access. */
export const FORMS_JUDGED_OTHERWISE: readonly JudgedOtherwise[] = [
  { rule: "C1", about: "times with fractions", rows: "15f73ab2 895419c0 fc18de32" },
  { rule: "C6", about: "which profiles have a word for any audience", rows: "19dcf9e1" },
  { rule: "P2", about: "how version 1.0 is spelt", rows: "af7adf41" },
  { rule: "P3", about: "newer minor versions, and which times a token must have", rows: "3746f40e d9111345" },
];

/** Requests of storage-requests.ts with tokens, by XRootD. */
export const REQUESTS_JUDGED_OTHERWISE: readonly JudgedOtherwise[] = [
  {
    rule: "S4",
    about: "where a path ends",
    rows: `f3d36ee0 58653c04 a74c2f3d f0d97bd3 fa3d4c3e 204c52e3 c770c1d9 3524445a b6408d69 8c8cb27c
      180265dd 8a077674`,
  },
  {
    rule: "R3",
    about: "who may look at what he may not read",
    rows: `49c7522a 4108f856 4dd10895 88d430bb ed91f2bf 322ca78d 895b93c4 61a14a50 f15e334a 892cc2eb
      7baf08c3 eb602f50`,
  },
];
