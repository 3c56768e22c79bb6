// What a token grants, by the rules' own sentences: no index, no order, each scope looked at for each question. S1 to S9, R1.
import { isRefused, isWithin, readDecoded, readEncoded, write } from "./path-model.js";
import type { ModelPath } from "./path-model.js";

export type Language = "scitokens" | "wlcg" | "plain";

export interface Capability {
  readonly name: string;
  /** Undefined: without a path. */
  readonly path: ModelPath | undefined;
  readonly opaque: boolean;
}

export interface Question {
  readonly authz: string;
  readonly path: string | undefined;
}

const PATH_BEARING = /^(read|write|condor|storage\..*)$/s;

/** The capabilities of a scope claim; undefined where one value spoils the token. */
export function readScope(claim: string, language: Language): readonly Capability[] | undefined {
  const values = claim.split(/ +/).filter((value) => value.length > 0);
  const read = values.map((value) => readValue(value, language));
  return read.every((one) => one !== undefined) ? read : undefined;
}

function readValue(value: string, language: Language): Capability | undefined {
  const [, name = "", , rest] = /^([^:]*)(:(.*))?$/s.exec(value) ?? [];
  if (name === "" || /[\p{Cc}\p{Cs}]/u.test(name)) return undefined;
  if (rest?.startsWith("/") === true) {
    const path = readEncoded(rest);
    return isRefused(path) ? undefined : { name, path, opaque: false };
  }
  if (language !== "plain" && PATH_BEARING.test(name)) return undefined;
  if (rest === undefined) return { name, path: undefined, opaque: false };
  return /[\p{Cc}\p{Cs}]/u.test(rest) ? undefined : { name: value, path: undefined, opaque: true };
}

/** `error` for a question that is wrong of any such token (R1). */
export function grants(
  held: readonly Capability[],
  { authz, path }: Question,
  { language, equivalence }: { readonly language: Language; readonly equivalence: boolean },
): boolean | "error" {
  const asked = path === undefined || path === "" ? undefined : readDecoded(path);
  if (asked === "refused" || authz === "" || /^[^:]+:\//.test(authz)) return "error";
  if (asked === undefined && language !== "plain" && PATH_BEARING.test(authz)) return "error";
  const has = (name: string, at: ModelPath | undefined = asked): boolean => held.some((one) => covers(one, name, at));
  const bare = (name: string): boolean => held.some((one) => one.name === name && one.path === undefined);

  if (has(authz)) return true;
  if (language === "plain") return false;
  if (language === "wlcg" && authz === "storage.create" && has("storage.modify")) return true;
  if (language === "wlcg" && authz === "storage.poll" && has("storage.stage")) return true;
  if (!equivalence) return false;
  const [READ, WRITE] = ["READ", "WRITE"].map((name): ModelPath => ({ names: [name], directory: false }));
  if (READ === undefined || WRITE === undefined) throw new Error("two paths");
  if (language === "wlcg") {
    if (authz === "read") return has("storage.read");
    if (authz === "write" || authz === "modify") return has("storage.modify");
    if (authz === "create") return has("storage.create") || has("storage.modify");
    if (authz !== "condor" || asked === undefined) return false;
    const writes = bare("compute.create") && bare("compute.modify") && bare("compute.cancel");
    return (isWithin(asked, READ) && bare("compute.read")) || (isWithin(asked, WRITE) && writes);
  }
  if (authz === "storage.read") return has("read");
  if (["storage.modify", "storage.create", "create", "modify"].includes(authz)) return has("write");
  if (authz === "compute.read") return has("condor", READ);
  return ["compute.create", "compute.modify", "compute.cancel"].includes(authz) && has("condor", WRITE);
}

function covers({ name, path, opaque }: Capability, authz: string, asked: ModelPath | undefined): boolean {
  if (name !== authz) return false;
  if (asked === undefined) return path === undefined;
  if (path !== undefined) return !name.startsWith("compute.") && isWithin(asked, path);
  return !opaque && !PATH_BEARING.test(name); // a bare capability covers every path (S6)
}

/** What `acls()` lists (S9), as texts in order. */
export function listed(held: readonly Capability[]): readonly string[] {
  const entries = held
    .filter(({ name, path }) => path === undefined || !name.startsWith("compute."))
    .map(({ name, path, opaque }) => {
      if (path !== undefined) return `${name} ${write(path)}`;
      return `${name} ${!opaque && PATH_BEARING.test(name) ? "" : "/"}`;
    });
  return [...new Set(entries)].toSorted();
}
