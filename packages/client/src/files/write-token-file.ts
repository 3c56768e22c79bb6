// A token into the file where others look for it. WLCG Bearer Token Discovery, interoperability with XRootD's client.
import { AccessToken } from "../base/access-token.js";
import { TokenError } from "../base/errors.js";
import { checkText } from "../base/option-checks.js";
import { isToken } from "../base/token-text.js";
import { describeFileError, meaningOf, nameFile } from "./name-file.js";
import { writeSecretFile } from "./write-secret-file.js";

/**
 * Writes a token to a file, followed by a line feed: atomically, with mode 0600 whatever the umask (some readers ignore
 * every other mode). The folder must exist; a symbolic link at the place is replaced, not followed.
 * @throws {TokenError} `unusable`: not a token (RFC 6750 2.1), or a device, FIFO or socket is there · `unreachable`: the file cannot
 *   be written, and is as it was
 * @throws {TypeError} for a path that is none
 * @example await writeTokenFile("/tmp/bt_u1000", await source.token());
 */
export async function writeTokenFile(path: string, token: AccessToken | string): Promise<void> {
  checkText("writeTokenFile", "path", path);
  const source = nameFile(path);
  const text: unknown = token instanceof AccessToken ? token.value : token;
  if (!isToken(text)) {
    throw new TokenError("unusable", `${source}: not written, for what was given is no token`, { source });
  }
  try {
    await writeSecretFile(path, `${text}\n`);
  } catch (error) {
    throw new TokenError(meaningOf(error), `${source}: not written: ${describeFileError(error)}`, { source });
  }
}
