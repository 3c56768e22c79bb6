// The configuration file of osg-token-renewer: which tokens are kept fresh, of which accounts. Interop 10.
import type { Ini, IniSection } from "@scitokens/core/node";
import { Trouble } from "../exit.js";
import { printable } from "../output/printable.js";

/** An account of oidc-agent, which is opened with a password. */
export interface AgentAccount {
  readonly kind: "agent";
  readonly name: string;
  readonly passwordFile: string;
}

/** A client with a secret of its own (RFC 6749 4.4). The secret is behind a function, so that nothing prints it. */
export interface ClientAccount {
  readonly kind: "client";
  readonly name: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: () => string;
}

export type Account = AgentAccount | ClientAccount;

export interface TokenPlan {
  readonly name: string;
  readonly account: Account;
  readonly path: string;
  readonly audience: readonly string[] | undefined;
  readonly scope: readonly string[] | undefined;
  /** Seconds: a token that lives longer is kept. undefined: a new one every time. */
  readonly minLifetime: number | undefined;
}

export interface RenewConfig {
  readonly tokens: readonly TokenPlan[];
  /** What is odd, and stops nothing. */
  readonly warnings: readonly string[];
}

interface Section {
  /** As it stands in the file, fit for a message. */
  readonly title: string;
  readonly values: IniSection;
}

const ACCOUNT_NAMES = ["password_file", "token_request_url", "client_id", "client_secret"];
const TOKEN_NAMES = ["account", "token_path", "audience", "scope", "min_lifetime"];

/** @throws {Trouble} that names the section, and what is missing or wrong; never a value that may be secret */
export function readRenewConfig(file: Ini): RenewConfig {
  const warnings: string[] = [];
  const accounts = new Map<string, Section>();
  const tokens = new Map<string, Section>();
  for (const [title, values] of file) {
    const section = { title: `[${printable(title, 60)}]`, values };
    const [kind, name, ...rest] = title.trim().split(/\s+/);
    const known = { account: accounts, token: tokens }[kind ?? ""];
    if (known === undefined || name === undefined || rest.length > 0) {
      throw new Trouble(`${section.title}: expected [account NAME] or [token NAME]`);
    }
    known.set(name, section);
    warnings.push(...unknownNames(section, kind === "account" ? ACCOUNT_NAMES : TOKEN_NAMES));
  }
  if (tokens.size === 0) throw new Trouble("no section [token NAME]: there is nothing to renew");
  return { tokens: [...tokens].map(([name, section]) => readToken(name, section, accounts)), warnings };
}

function readToken(name: string, section: Section, accounts: ReadonlyMap<string, Section>): TokenPlan {
  const accountName = need(section, "account");
  const account = accounts.get(accountName);
  if (account === undefined) {
    throw new Trouble(`${section.title}: there is no section [account ${printable(accountName, 60)}]`);
  }
  return {
    name: printable(name, 60),
    account: readAccount(accountName, account),
    path: need(section, "token_path"),
    audience: list(section, "audience"),
    scope: list(section, "scope"),
    minLifetime: readSeconds(section, "min_lifetime"),
  };
}

function readAccount(name: string, section: Section): Account {
  const passwordFile = optional(section, "password_file");
  if (passwordFile !== undefined) return { kind: "agent", name, passwordFile };
  const tokenEndpoint = optional(section, "token_request_url");
  if (tokenEndpoint === undefined) {
    throw new Trouble(`${section.title}: expected password_file (oidc-agent), or token_request_url (a client)`);
  }
  const clientSecret = need(section, "client_secret");
  return {
    kind: "client",
    name,
    tokenEndpoint,
    clientId: need(section, "client_id"),
    clientSecret: () => clientSecret,
  };
}

function readSeconds(section: Section, name: string): number | undefined {
  const text = optional(section, name);
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Trouble(`${section.title}: ${name}: expected a whole number of seconds`);
}

function need(section: Section, name: string): string {
  const value = optional(section, name);
  if (value === undefined) throw new Trouble(`${section.title}: ${name} is missing`);
  return value;
}

/** Empty means: not given, as the original has it. */
function optional({ values }: Section, name: string): string | undefined {
  const value = values.get(name)?.value.trim();
  return value === "" ? undefined : value;
}

function list(section: Section, name: string): readonly string[] | undefined {
  return optional(section, name)?.split(/\s+/);
}

function unknownNames(section: Section, known: readonly string[]): readonly string[] {
  const unknown = [...section.values.keys()].filter((name) => !known.includes(name));
  return unknown.map(
    (name) => `${section.title}: ${printable(name, 60)} is not known and does nothing; known are ${known.join(", ")}`,
  );
}
