// Requests to a storage server as data, and tokens to try them with. WLCG 2.2.1, rule R3.
// Which rights let a request in is written here by hand, after R3: fromRequest() decides over GET and HEAD only.
import type { TokenProfile } from "@scitokens/issuer";
import { idOf } from "./rows.js";

/** What a token grants, and of which profile it is. */
export interface Grant {
  readonly profile: TokenProfile;
  readonly scope: string;
}

export interface StorageRequest {
  readonly method: string;
  readonly path: string;
  /** One of these is enough; undefined: fromRequest() of the core decides. */
  readonly needs: readonly string[] | undefined;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const STAT = ["storage.read", "storage.create", "storage.modify", "storage.stage"];
const READ = ["storage.read"];
const CREATE = ["storage.create"];
const MODIFY = ["storage.modify"];

export const REQUESTS: readonly StorageRequest[] = [
  { method: "GET", path: "/store/file", needs: undefined },
  { method: "GET", path: "/store/ada/file", needs: undefined },
  { method: "GET", path: "/store/bob/file", needs: undefined },
  { method: "GET", path: "/stored/file", needs: undefined },
  { method: "HEAD", path: "/store/ada/file", needs: undefined },
  { method: "HEAD", path: "/stored/file", needs: undefined },
  { method: "PROPFIND", path: "/store/ada/file", needs: STAT, headers: { Depth: "0" } },
  { method: "PROPFIND", path: "/stored/file", needs: STAT, headers: { Depth: "0" } },
  { method: "PROPFIND", path: "/store/ada", needs: READ, headers: { Depth: "1" } },
  { method: "PROPFIND", path: "/stored", needs: READ, headers: { Depth: "1" } },
  { method: "PUT", path: "/store/ada/new", needs: CREATE, body: "new" },
  { method: "PUT", path: "/store/bob/new", needs: CREATE, body: "new" },
  { method: "PUT", path: "/store/ada/file", needs: MODIFY, body: "changed" },
  { method: "PUT", path: "/store/bob/file", needs: MODIFY, body: "changed" },
  { method: "MKCOL", path: "/store/ada/folder", needs: CREATE },
  { method: "MKCOL", path: "/store/bob/folder", needs: CREATE },
  { method: "DELETE", path: "/store/ada/file", needs: MODIFY },
  { method: "DELETE", path: "/store/bob/file", needs: MODIFY },
];

export const GRANTS: readonly Grant[] = [
  { profile: "scitokens-2", scope: "read:/" },
  { profile: "scitokens-2", scope: "read:/ write:/" },
  { profile: "scitokens-2", scope: "read:/store" },
  { profile: "scitokens-2", scope: "read:/store write:/store/ada" },
  { profile: "scitokens-2", scope: "write:/store/ada" },
  { profile: "scitokens-1", scope: "read:/store/ada write:/store/ada" },
  { profile: "scitokens-2", scope: "queue execute:/" },
  { profile: "wlcg", scope: "storage.read:/" },
  { profile: "wlcg", scope: "storage.read:/store/bob openid" },
  { profile: "wlcg", scope: "storage.create:/store/ada" },
  { profile: "wlcg", scope: "storage.modify:/store/ada" },
  { profile: "wlcg", scope: "storage.read:/store storage.modify:/store/ada" },
  { profile: "wlcg", scope: "storage.read:/stored storage.create:/store" },
  { profile: "wlcg", scope: "storage.stage:/store" },
  { profile: "wlcg", scope: "compute.create" },
];

/** The name of a request with a token, as in judged-otherwise.ts. */
export const idOfRequest = ({ profile, scope }: Grant, { method, path }: StorageRequest): string =>
  idOf("request", profile, scope, method, path);
