// Debian's scitokens-cpp programs, with an issuer's keys in their key cache: no issuer and no network is needed.
import type { PublicJwk } from "@scitokens/issuer";
import type { Workshop } from "./workshop.js";

/** One question to scitokens-test-access. */
export interface Question {
  readonly token: string;
  readonly authz: string;
  readonly path: string;
}

export interface ScitokensCpp {
  /** Whether scitokens-verify takes the token: form, signature and times; it knows no audience. */
  readonly verifies: (token: string) => Promise<boolean>;
  /** Whether scitokens-test-access grants each of the questions, in their order. */
  readonly grants: (questions: readonly Question[]) => Promise<readonly boolean[]>;
}

/** For each line of three words, with tabs between them: the exit code, and whether what is printed is a yes. */
const FOR_EACH_LINE = `
while IFS="$(printf '\\t')" read -r token authz path; do
  output=$(scitokens-test-access "$token" "$1" "$2" "$authz" "$path" 2>&1)
  code=$?
  case $output in *"Access test successful"*) echo "$code yes" ;; *) echo "$code no" ;; esac
done`;

/** What the programs say, trusting this issuer with these keys. */
export async function scitokensCpp(
  workshop: Workshop,
  trusted: { readonly issuer: string; readonly audience: string; readonly keys: readonly PublicJwk[] },
): Promise<ScitokensCpp> {
  await seedKeyCache(workshop, trusted);
  return {
    verifies: async (token) => {
      const { code, stdout } = await workshop.run("scitokens-verify", [token]);
      return isYes(code, stdout.includes("deserialization successful"));
    },
    grants: async (questions) => {
      const { issuer, audience } = trusted;
      const half = Math.ceil(questions.length / 2);
      const halves = [questions.slice(0, half), questions.slice(half)];
      const answers = await Promise.all(halves.map((part) => testAccess(workshop, [issuer, audience], part)));
      return answers.flat();
    },
  };
}

/** One shell for many questions: starting a process from Node takes longer than the answer. */
async function testAccess(
  workshop: Workshop,
  server: readonly string[],
  questions: readonly Question[],
): Promise<readonly boolean[]> {
  const input = questions.map(({ token, authz, path }) => `${token}\t${authz}\t${path}\n`).join("");
  const { stdout, code } = await workshop.run("sh", ["-c", FOR_EACH_LINE, "sh", ...server], { input });
  const lines = stdout.split("\n").slice(0, -1);
  if (lines.length < questions.length)
    throw new Error(`exit ${code} after ${lines.length} of ${questions.length} answers`);
  return lines.map((line) => isYes(Number.parseInt(line, 10), line.endsWith("yes")));
}

/** The programs exit with 1 for whatever goes wrong: what they print must say the same. */
function isYes(code: number, printed: boolean): boolean {
  if (printed !== (code === 0) || code > 1) throw new Error(`exit ${code}, and printed a ${printed ? "yes" : "no"}`);
  return printed;
}

/** Writes keys where scitokens-cpp looks before it asks an issuer: interop with its documented cache. */
export async function seedKeyCache(
  workshop: Workshop,
  { issuer, keys }: { readonly issuer: string; readonly keys: readonly PublicJwk[] },
): Promise<void> {
  const file = workshop.write("cache/scitokens/scitokens_cpp.sqllite", "");
  const tomorrow = Math.floor(Date.now() / 1000) + 86_400;
  const entry = JSON.stringify({ jwks: { keys }, expires: tomorrow, next_update: tomorrow });
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const sql = [
    "CREATE TABLE keycache (issuer text UNIQUE PRIMARY KEY NOT NULL, keys text NOT NULL);",
    `INSERT INTO keycache VALUES (${text(issuer)}, ${text(entry)});`,
  ].join("\n");
  const { code, stderr } = await workshop.run("sqlite3", ["-bail", file], { input: sql });
  if (code !== 0) throw new Error(`sqlite3: ${stderr}`);
}
