// A token into the file where others look for it. WLCG Bearer Token Discovery, interoperability with XRootD's client.
import { AccessToken } from "../base/access-token.js";
import { TokenError } from "../base/errors.js";
import { isToken } from "../base/token-text.js";
import { describeFileError, nameFile } from "./name-file.js";
import { writeSecretFile } from "./write-secret-file.js";

/**
 * Writes a token to a file, followed by a line feed: atomically, with mode 0600 whatever the umask (some readers ignore
 * every other mode). The folder must exist; a symbolic link at the place is replaced, not followed.
 * @throws {TokenError} `unusable`: not a token (RFC 6750 2.1) · `unreachable`: the file cannot be written, and is as it was
 * @example await writeTokenFile("/tmp/bt_u1000", await source.token());
 */
export async function writeTokenFile(path: string, token: AccessToken | string): Promise<void> {
  const source = nameFile(path);
  const text: unknown = token instanceof AccessToken ? token.value : token;
  if (!isToken(text)) {
    throw new TokenError("unusable", `${source}: not written, for what was given is no token`, { source });
  }
  try {
    await writeSecretFile(path, `${text}\n`);
  } catch (error) {
    throw new TokenError("unreachable", `${source}: not written: ${describeFileError(error)}`, { source });
  }
}
