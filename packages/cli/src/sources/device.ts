// A token that a person confirms in a browser, on any machine. RFC 8628.
import { deviceCode } from "@scitokens/client";
import { showPrompt } from "../get/show-prompt.js";
import type { SourceKind } from "./kind.js";
import { oauthOptions, readOAuth } from "./oauth-flags.js";
import { openRefreshFile, refreshFileOption } from "./refresh-file.js";

export const deviceKind: SourceKind = {
  name: "device",
  summary: "by a person who confirms in a browser, here or elsewhere",
  description:
    "Gets a token that a person confirms in a browser: shows an address, a code and, on a terminal, a QR code (RFC 8628).",
  options: [...oauthOptions, refreshFileOption],
  examples: [
    {
      run: "scitokens get device --issuer https://issuer.example.org --client-id cli --scope read:/store",
      shows: "confirm in a browser; the token goes to where others look for it",
    },
    {
      run: "scitokens get device --issuer https://issuer.example.org --client-id cli --scope read:/store --refresh-token-file ~/.scitokens-refresh",
      shows: "confirm once; later runs ask nobody",
    },
  ],
  async create(io, flags) {
    const options = { ...(await readOAuth(io, flags)), ...(await openRefreshFile(io, flags.refreshTokenFile)) };
    // What the person confirms is what is asked for now.
    const { scope, audience, resource } = flags;
    return deviceCode({ ...options, scope, audience, resource, onPrompt: (prompt) => showPrompt(io, prompt) });
  },
};
