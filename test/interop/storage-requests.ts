// Requests to a storage server as data, and tokens to try them with. WLCG 2.2.1, rule R3.
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
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const REQUESTS: readonly StorageRequest[] = [
  { method: "GET", path: "/store/file" },
  { method: "GET", path: "/store/ada/file" },
  { method: "GET", path: "/store/bob/file" },
  { method: "GET", path: "/stored/file" },
  { method: "HEAD", path: "/store/ada/file" },
  { method: "HEAD", path: "/stored/file" },
  { method: "PROPFIND", path: "/store/ada/file", headers: { Depth: "0" } },
  { method: "PROPFIND", path: "/stored/file", headers: { Depth: "0" } },
  { method: "PROPFIND", path: "/store/ada", headers: { Depth: "1" } },
  { method: "PROPFIND", path: "/stored", headers: { Depth: "1" } },
  { method: "PUT", path: "/store/ada/new", body: "new" },
  { method: "PUT", path: "/store/bob/new", body: "new" },
  { method: "PUT", path: "/store/ada/file", body: "changed" },
  { method: "PUT", path: "/store/bob/file", body: "changed" },
  { method: "MKCOL", path: "/store/ada/folder" },
  { method: "MKCOL", path: "/store/bob/folder" },
  { method: "DELETE", path: "/store/ada/file" },
  { method: "DELETE", path: "/store/bob/file" },
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
