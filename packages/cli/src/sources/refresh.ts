// A token by a refresh token that is at hand; its successor is written back. RFC 6749 6.
import { refreshToken } from "@scitokens/client";
import { Trouble } from "../exit.js";
import type { SourceKind } from "./kind.js";
import { oauthOptions, readOAuth } from "./oauth-flags.js";
import { openRefreshFile, refreshFileOption } from "./refresh-file.js";

export const refreshKind: SourceKind = {
  name: "refresh",
  summary: "by a refresh token in a file",
  description:
    "Gets a token by a refresh token (RFC 6749 6); where the issuer rotates it, the file gets its successor.",
  options: [...oauthOptions, refreshFileOption],
  examples: [
    {
      run: "scitokens get refresh --issuer https://issuer.example.org --client-id cli --refresh-token-file ~/.scitokens-refresh --scope read:/store/run7",
      shows: "a narrower token than the one that was confirmed",
    },
  ],
  async create(io, flags) {
    const options = await readOAuth(io, flags);
    const { refreshToken: first, onRefreshToken } = await openRefreshFile(io, flags.refreshTokenFile);
    if (first === undefined) throw new Trouble("the refresh token is missing: give --refresh-token-file");
    return refreshToken({ ...options, refreshToken: first, onRefreshToken });
  },
};
