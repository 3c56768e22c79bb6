// Questions of access as data: scopes, and what is asked of a token with them, in each profile.
import { createHash } from "node:crypto";
import type { TokenProfile } from "@scitokens/issuer";

export interface Row {
  /** A digest of the rest. */
  readonly id: string;
  readonly profile: TokenProfile;
  readonly scope: string;
  readonly authz: string;
  readonly path: string;
}

/** A name for a row that does not repeat what it says. */
export function idOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 8);
}

const PATHS = ["/", "/store", "/store/", "/store/cms", "/store//cms/./f.root", "/stored", "/scratch/x", "/a b"];
const FEW_PATHS = ["/", "/store/cms", "/stored", "/scratch/x"];

const SCITOKENS_SCOPES = [
  "read:/",
  "read:/store",
  "read:/store/",
  "write:/store",
  "read://store///cms",
  "read:/store/./cms",
  "read:/store/cms write:/scratch",
  "write:/store/cms read:/store",
  "  read:/scratch   write:/x ",
  "read:/store read:/",
  "READ:/store",
  "read:/store.root",
  "read:/a%20b",
  "storage.read:/store",
  "queue execute:/store",
  "openid offline_access read:/store/cms wlcg:1.0",
  "",
];

const WLCG_SCOPES = [
  "storage.read:/",
  "storage.read:/store",
  "storage.read:/store/",
  "storage.create:/store/cms",
  "storage.modify:/store/cms",
  "storage.stage:/store",
  "storage.read:/store storage.create:/scratch",
  "openid storage.read:/store/cms",
  "storage.read:/a%20b",
  "compute.create compute.modify",
];

/** Scopes that name a right and no path, or no good one (S2). */
const UNFIT_SCOPES = [
  "read",
  "read:/scratch write",
  "read:store",
  "storage.read",
  "storage.read:/scratch storage.modify",
];

/** Condor's rights have paths of their own. */
const CONDOR = ["condor:/READ", "condor:/READ condor:/WRITE", "condor:/"];
const WLCG_COMPUTE = ["compute.read", "compute.create compute.modify", "compute.create compute.modify compute.cancel"];
const CONDOR_PATHS = ["/READ", "/WRITE", "/OTHER"];

/** Names are asked for as scitokens-cpp wants them of a WLCG token: its translation, which is ours too (S5). */
export const ROWS: readonly Row[] = [
  ...rowsOf("scitokens-1", SCITOKENS_SCOPES, ["read"], PATHS),
  ...rowsOf("scitokens-1", SCITOKENS_SCOPES, ["write"], FEW_PATHS),
  ...rowsOf("scitokens-2", SCITOKENS_SCOPES, ["read"], PATHS),
  ...rowsOf("scitokens-2", SCITOKENS_SCOPES, ["write", "queue"], FEW_PATHS),
  ...rowsOf("wlcg", WLCG_SCOPES, ["read"], PATHS),
  ...rowsOf("wlcg", WLCG_SCOPES, ["write", "create", "modify", "storage.stage"], FEW_PATHS),
  ...rowsOf("scitokens-2", UNFIT_SCOPES, ["read"], ["/", "/store/cms", "/scratch/x"]),
  ...rowsOf("wlcg", UNFIT_SCOPES, ["read"], ["/", "/store/cms", "/scratch/x"]),
  ...rowsOf("scitokens-2", CONDOR, ["condor"], CONDOR_PATHS),
  ...rowsOf("wlcg", WLCG_COMPUTE, ["condor"], CONDOR_PATHS),
];

function rowsOf(
  profile: TokenProfile,
  scopes: readonly string[],
  names: readonly string[],
  paths: readonly string[],
): Row[] {
  return scopes.flatMap((scope) =>
    names.flatMap((authz) =>
      paths.map((path) => ({ id: idOf(profile, scope, authz, path), profile, scope, authz, path })),
    ),
  );
}
