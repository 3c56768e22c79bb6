// The options that say who is trusted and what the server is called. Nothing is trusted by default: rules I1, C5.
import type { Command } from "../command.js";
import { Option } from "../command.js";
import {
  audienceOption,
  caFileOption,
  collect,
  configOption,
  durationOption,
  insecureOption,
  issuerOption,
  tokenFileOption,
} from "../input/options.js";

export interface TrustFlags {
  readonly tokenFile?: string;
  readonly issuer?: string;
  /** false: the server has no name. */
  readonly audience?: readonly string[] | false;
  readonly jwks?: string;
  readonly jwksUri?: string;
  readonly publicKey?: string;
  readonly profile?: readonly string[];
  readonly algorithm?: readonly string[];
  readonly basePath?: readonly string[];
  readonly clockTolerance?: number;
  readonly allowMissingAudience?: boolean;
  readonly allowInsecureIssuer?: boolean;
  readonly keyCache: boolean;
  readonly systemKeys?: boolean;
  readonly config?: string;
  readonly caFile?: string;
}

/** Adds `[token]` and all that decides over a token, to a command that verifies one. */
export function takeTrust(command: Command): Command {
  return command
    .argument(
      "[token]",
      "a file that holds the token, or - for stdin; else the token is looked for (see scitokens find)",
    )
    .addOption(tokenFileOption())
    .optionsGroup("Who is trusted:")
    .addOption(issuerOption("the issuer to trust, spelt as in the token's iss"))
    .addOption(audienceOption("the server's name, one of which the token's aud must hold"))
    .addOption(new Option("--no-audience", "the server has no name: only tokens without aud are good"))
    .addOption(
      new Option(
        "--profile <name>",
        "a profile to take (may be repeated): scitokens-1, scitokens-2, wlcg, at-jwt, oauth",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        "--algorithm <alg>",
        "a signature algorithm to take (may be repeated); else RS256 and ES256",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        "--base-path <path>",
        "the area of the server that the token's paths are relative to (may be repeated)",
      ).argParser(collect),
    )
    .addOption(durationOption("--clock-tolerance <time>", "how far in the future nbf and iat may lie; else 60 s"))
    .addOption(new Option("--allow-missing-audience", "take SciTokens 1.0 tokens without aud"))
    .optionsGroup("Where its keys are:")
    .addOption(
      new Option("--jwks <file>", "a JWK set, instead of asking the issuer").conflicts(["jwksUri", "publicKey"]),
    )
    .addOption(
      new Option("--jwks-uri <url>", "where the issuer's JWK set is, instead of asking its metadata").conflicts(
        "publicKey",
      ),
    )
    .addOption(new Option("--public-key <file>", "the issuer's only key in PEM, instead of asking it"))
    .addOption(new Option("--no-key-cache", "neither read nor write the key cache on disk"))
    .addOption(
      new Option("--system-keys", "also look into the WLCG system JWKS cache (/etc/jwks, /var/cache/jwks, ...)"),
    )
    .addOption(caFileOption())
    .addOption(insecureOption())
    .addOption(configOption())
    .optionsGroup("Options:");
}
