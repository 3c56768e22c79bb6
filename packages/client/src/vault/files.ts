// The files that htgettoken keeps and shares with others: the vault token, and the name that credentials are stored under. Interop 9.
import { dirname, join } from "node:path";
import { TokenError } from "../base/errors.js";
import { checkText } from "../base/option-checks.js";
import { stripSpace } from "../base/token-text.js";
import { codeOf, describeFileError, meaningOf, nameFile } from "../files/name-file.js";
import { readTokenFile } from "../files/read-token-file.js";
import { writeSecretFile } from "../files/write-secret-file.js";
import { homeFolder } from "./home-folder.js";
import { makeFolders } from "./make-folders.js";
import { checkName } from "./options.js";

const VAULT_TOKEN = /^[\x21-\x7e]{1,8192}$/; // it goes into a header
const HOMELESS = "this user has no home folder";
const CREDKEY = /^[\w.@:+~-]+(?:\/[\w.@:+~-]+)*$/; // it goes into a path; robots have several parts

/** Where the vault token of this user is looked for: /tmp/vt_u and the effective user id. */
export function vaultTokenPath(): string {
  return `/tmp/vt_u${process.geteuid?.() ?? ""}`;
}

/** Where the name is that credentials are stored under, for an issuer and a role; undefined where there is no home folder. */
export function credkeyPath({ issuer, role, configDir }: CredkeyPlace): string | undefined {
  checkName("credkey", "issuer", issuer);
  checkName("credkey", "role", role);
  if (configDir !== undefined) checkText("credkey", "configDir", configDir);
  const home = homeFolder();
  const folder = configDir ?? (home === undefined ? undefined : join(home, ".config", "htgettoken"));
  return folder === undefined ? undefined : join(folder, `credkey-${issuer}-${role}`);
}

export interface CredkeyPlace {
  readonly issuer: string;
  readonly role: string;
  /** Default: ~/.config/htgettoken. */
  readonly configDir?: string | undefined;
}

/** @throws {TokenError} `interaction_needed`: there is none · `unusable` or `unreachable`: it cannot be read */
export async function readVaultToken(path: string): Promise<string> {
  const source = nameFile(path);
  // /tmp is everybody's: whoever feeds us a vault token gets our work done in his name.
  const found = await readTokenFile(path, { uid: process.geteuid?.(), ownOnly: true });
  if (found.kind === "failed") throw new TokenError(found.code, `${source}: ${found.why}`, { source });
  const text = found.kind === "text" ? stripSpace(found.text) : "";
  if (text === "") {
    const why = found.kind === "missing" ? found.why : "it is empty";
    throw new TokenError("interaction_needed", `no vault token in ${source} (${why}): log in first`, { source });
  }
  if (VAULT_TOKEN.test(text)) return text;
  throw new TokenError("unusable", `${source} holds no vault token`, { source });
}

/**
 * @returns the name, or undefined where none has been kept
 * @throws {TokenError} `interaction_needed`: there is no home folder to look in
 */
export async function readCredkey(place: CredkeyPlace): Promise<string | undefined> {
  const path = credkeyPath(place);
  if (path === undefined) {
    const source = "the credkey";
    throw new TokenError("interaction_needed", `${source}: ${HOMELESS}: give credkey or configDir`, { source });
  }
  const found = await readTokenFile(path, { uid: process.geteuid?.(), ownOnly: false });
  const text = found.kind === "text" ? stripSpace(found.text) : "";
  return isCredkey(text) ? text : undefined;
}

/**
 * Writes a vault token where `vault()`, htgettoken and HTCondor look for it: atomically, mode 0600.
 * @throws {TokenError} `unusable`: not a vault token · `unreachable`: the file cannot be written
 * @example await writeVaultTokenFile(login.vaultToken); // /tmp/vt_u and the user id
 */
export async function writeVaultTokenFile(vaultToken: string, path: string = vaultTokenPath()): Promise<void> {
  checkText("writeVaultTokenFile", "path", path);
  if (typeof vaultToken !== "string" || !VAULT_TOKEN.test(vaultToken)) {
    throw new TokenError("unusable", "not written: what was given is no vault token", { source: nameFile(path) });
  }
  await write(path, vaultToken);
}

/**
 * Keeps the name that credentials are stored under (`VaultLogin.credkey`), where `vault()` and htgettoken look for it.
 * @throws {TokenError} `unusable`: no such name · `unreachable`: the file cannot be written, or there is no home folder
 */
export async function writeCredkey(credkey: string | undefined, place: CredkeyPlace): Promise<void> {
  const path = credkeyPath(place);
  const source = path === undefined ? "the credkey" : nameFile(path);
  if (!isCredkey(credkey)) throw new TokenError("unusable", "not written: what was given is no credkey", { source });
  if (path === undefined) {
    throw new TokenError("unreachable", `${source}: not written: ${HOMELESS}: give configDir`, { source });
  }
  await write(path, credkey);
}

/** Whether it can stand in a path of Vault. */
export function isCredkey(value: unknown): value is string {
  return typeof value === "string" && value.length <= 256 && CREDKEY.test(value) && !/(?:^|\/)\.+(?:\/|$)/.test(value);
}

const FOLDERS = 2; // .config and htgettoken

async function write(path: string, text: string): Promise<void> {
  try {
    await makeFolders(dirname(path), FOLDERS);
    await writeSecretFile(path, `${text}\n`);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    const source = nameFile(path);
    throw new TokenError(meaningOf(error), `${source}: not written: ${describeFileError(error)}`, { source });
  }
}
