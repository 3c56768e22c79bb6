// The options that several commands have, so that one name means one thing everywhere.
import { InvalidArgumentError, Option } from "../command.js";

export const jsonOption = (): Option => new Option("--json", "print one JSON document instead of words");

export const tokenFileOption = (): Option =>
  new Option("--token-file <file>", "the file that holds the token; - is stdin");

/** `description` says what the issuer is for in this command. */
export const issuerOption = (description: string): Option => new Option("--issuer <url>", description);

/** May be given several times; its value is a list, or undefined. */
export const audienceOption = (description: string): Option =>
  new Option("--audience <name>", `${description} (may be repeated)`).argParser(collect);

/** May be given several times, or once with blanks between; its value is a list of single scopes, or undefined. */
export const scopeOption = (description: string): Option =>
  new Option("--scope <scope>", `${description} (may be repeated)`).argParser((value, before?: readonly string[]) => [
    ...(before ?? []),
    ...value.split(" ").filter((scope) => scope !== ""),
  ]);

/** A time span: a number of seconds, or with a unit as 90s, 10m, 12h, 7d. Its value is in seconds. */
export const durationOption = (flags: string, description: string): Option =>
  new Option(flags, `${description} (seconds, or as 10m, 12h, 7d)`).argParser(parseDuration);

export const caFileOption = (): Option =>
  new Option(
    "--ca-file <pem>",
    "certificates of private CAs to trust beside the usual ones; else SCITOKEN_CONFIG_TLS_CA_FILE",
  );

export const configOption = (): Option =>
  new Option("--config <file>", "the configuration file (INI, section [scitokens])");

export const insecureOption = (): Option =>
  new Option("--allow-insecure-issuer", "take an issuer over plain http: for loopback and tests");

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

const SECONDS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** @throws {InvalidArgumentError} */
export function parseDuration(text: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,10})(s|m|min|h|d)?$/.exec(text) ?? [];
  if (digits === "") throw new InvalidArgumentError("Expected seconds, or a number with a unit, as 90s, 10m, 12h, 7d.");
  return Number(digits) * (SECONDS[unit] ?? 1);
}
