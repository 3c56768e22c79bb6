// scitokens create-token: a signed token, for tests and for issuers of one's own. Rules P2 to P4, interop 1.
import { createToken as mint } from "@scitokens/issuer";
import type { TokenProfile } from "@scitokens/issuer";
import type { AddCommand } from "../command.js";
import { Option } from "../command.js";
import { Trouble } from "../exit.js";
import { audienceOption, collect, durationOption, scopeOption } from "../input/options.js";
import type { Io } from "../io.js";
import { readSigningKey } from "../key-files/read-signing-key.js";
import { addExamples } from "../reference/examples.js";
import { parseClaims } from "../claims/parse-claims.js";

interface Flags {
  readonly key: string;
  readonly issuer: string;
  readonly profile: string;
  readonly lifetime: number;
  readonly claim?: readonly string[];
  readonly without?: readonly string[];
  readonly audience?: readonly string[];
  readonly scope?: readonly string[];
  readonly subject?: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly out?: string;
}

export const addCreateToken: AddCommand = (program, io) => {
  const command = program
    .command("create-token")
    .summary("make and sign a token")
    .description(
      "Makes a token and signs it: to stdout, or into a file of mode 0600. Whoever has the issuer's private key can make any " +
        "token: keep it where only the issuer can read it. Times, jti and the profile's own claims are filled in.",
    )
    .requiredOption("--key <file>", "the private key: PEM or JWK; of a JWK set the one that --kid names; - is stdin")
    .requiredOption("--issuer <url>", "iss, spelt as verifiers know it")
    .addOption(new Option("--profile <name>", "scitokens-2, scitokens-1, wlcg or at-jwt").default("scitokens-2"))
    .addOption(durationOption("--lifetime <time>", "how long it is good").default(600, "10m"))
    .addOption(audienceOption("aud: the server that it is for"))
    .addOption(scopeOption("scope: what it grants, as read:/store"))
    .option("--subject <name>", "sub")
    .option("--claim <name=value>", "any claim (may be repeated); the value is JSON, or else a string", collect)
    .option("--without <name>", "leave out a claim that the profile requires or fills in (may be repeated)", collect)
    .option("--kid <name>", "the key's name in the header; else what its JWK says, or its thumbprint")
    .option("--alg <alg>", "the signature algorithm, where the key allows several")
    .option("-o, --out <file>", "where the token goes, instead of stdout");
  addExamples(command, [
    {
      run: "scitokens create-token --key issuer.jwk --issuer https://issuer.example.org --audience https://data.example.org --scope read:/store --subject alice",
      shows: "a SciToken of ten minutes",
    },
    {
      run: `scitokens create-token --key issuer.jwk --issuer https://issuer.example.org --profile wlcg --audience https://data.example.org --subject alice --lifetime 1h --claim 'wlcg.groups=["/cms"]' --out made.txt`,
      shows: "a WLCG token with a group, into a file",
    },
  ]).action((flags: Flags) => createToken(io, flags));
};

async function createToken(io: Io, flags: Flags): Promise<void> {
  const key = await readSigningKey(io, { file: flags.key, kid: flags.kid, alg: flags.alg });
  const { issuer, lifetime } = flags;
  const profile = flags.profile as TokenProfile; // it checks the name, and proposes another
  const token = await inFlags(() => mint(parseClaims(flags), { key, issuer, lifetime, profile, now: io.clock }));
  if (flags.out === undefined || flags.out === "-") {
    io.stdout.write(`${token}\n`);
    return;
  }
  const { writeTokenFile } = await import("@scitokens/client");
  await writeTokenFile(flags.out, token);
}

/** The issuer's own sentences speak of members of objects. */
async function inFlags(make: () => Promise<string>): Promise<string> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Trouble(
      error.message.replace(
        /; give '[^']+: undefined' to leave it out on purpose/,
        `: give it, or leave it out on purpose by --without`,
      ),
    );
  }
}
