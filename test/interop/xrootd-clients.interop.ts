// Token files that we write, in the hands of XRootD's own clients, curl and davix. WLCG Bearer Token Discovery, interop 5.
import { chmod, copyFile, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { defaultTokenFile, discoverToken, writeTokenFile } from "@scitokens/client";
import { createSigningKey, createToken } from "@scitokens/issuer";
import type { SigningKey } from "@scitokens/issuer";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CERTIFICATE } from "./certificate.js";
import { need } from "./software.js";
import { AUDIENCE, ISSUER } from "./token-forms.js";
import { openWorkshop } from "./workshop.js";
import type { Ran } from "./workshop.js";
import { startXRootD } from "./xrootd.js";
import type { XRootD } from "./xrootd.js";

const needed = need("xrootd-server", "xrootd-scitokens-plugins", "sqlite3", "openssl");
const xrootdClient = need("xrootd-client");
const curl = need("curl");
const davix = need("davix");

const ADA = "read:/store/ada write:/store/ada";

describe.skipIf(needed.isMissing)(`clients of XRootD (${needed.words})`, () => {
  const workshop = openWorkshop();
  let key: SigningKey;
  let server: XRootD;
  /** A folder of certificate authorities, as these programs want it: files named by a hash of the subject. */
  let authorities = "";
  let tokenFile = "";

  beforeAll(async () => {
    key = await createSigningKey();
    server = await startXRootD(workshop, { issuer: ISSUER, audience: [AUDIENCE], keys: [key.publicJwk] });
    const { stdout } = await workshop.run("openssl", ["x509", "-noout", "-subject_hash", "-in", server.caFile]);
    workshop.write(`authorities/${stdout.trim()}.0`, CERTIFICATE);
    authorities = workshop.makeFolder("authorities");
    tokenFile = join(workshop.folder, "token");
  });

  beforeEach(async () => {
    server.reset();
    await writeTokenFile(tokenFile, await tokenFor(ADA));
  });

  describe.skipIf(xrootdClient.isMissing)(`xrdfs and xrdcp (${xrootdClient.words})`, () => {
    it("take a token file that writeTokenFile wrote, named by BEARER_TOKEN_FILE", async () => {
      await expectOnlyAdas({ BEARER_TOKEN_FILE: tokenFile });
      // They want it to be private: this is why it is written with no other mode.
      await chmod(tokenFile, 0o640);
      const refused = await cat("/store/ada/file", { BEARER_TOKEN_FILE: tokenFile });
      expect(refused).toMatchObject({ stdout: "", stderr: expect.stringContaining("Auth failed") });
    });

    it("take it from the place where our discovery finds it, too", async () => {
      const place = join(workshop.env["XDG_RUNTIME_DIR"] ?? "", `bt_u${process.geteuid?.()}`);
      expect(defaultTokenFile({ env: workshop.env })).toBe(place);
      await copyFile(tokenFile, place);
      await expectOnlyAdas();
      const found = await discoverToken({ env: workshop.env });
      expect(`${found?.value}\n`).toBe(await readFile(tokenFile, "utf8"));
      await unlink(place);
    });

    it("take it from BEARER_TOKEN, before a file", async () => {
      const raw = await tokenFor(ADA);
      await writeTokenFile(tokenFile, await tokenFor("read:/nothing"));
      const env = { BEARER_TOKEN: raw, BEARER_TOKEN_FILE: tokenFile };
      await expectOnlyAdas(env);
      expect(await discoverToken({ env })).toMatchObject({ value: raw });
    });

    it("copy a file to where the token lets them, and nowhere else", async () => {
      const upload = workshop.write("upload", "of a copy");
      const copy = (path: string): Promise<Ran> =>
        workshop.run("xrdcp", ["-s", upload, `${server.rootUrl}/${path}`], inEnv({ BEARER_TOKEN_FILE: tokenFile }));
      expect(await copy("/store/ada/copy")).toMatchObject({ code: 0 });
      expect(await copy("/store/bob/copy")).toMatchObject({ stderr: expect.stringContaining("permission denied") });
      expect([server.read("/store/ada/copy"), server.read("/store/bob/copy")]).toEqual(["of a copy", undefined]);
    });

    const inEnv = (env: Readonly<Record<string, string>>) => ({ env: { X509_CERT_DIR: authorities, ...env } });
    const cat = (path: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
      workshop.run("xrdfs", [server.rootUrl, "cat", path], inEnv(env));

    async function expectOnlyAdas(env: Readonly<Record<string, string>> = {}): Promise<void> {
      expect(await cat("/store/ada/file", env)).toMatchObject({ code: 0, stdout: "of Ada" });
      expect(await cat("/store/bob/file", env)).toMatchObject({ stderr: expect.stringContaining("permission denied") });
    }
  });

  it.skipIf(curl.isMissing)(`lets curl read with a token file that writeTokenFile wrote (${curl.words})`, async () => {
    // The header by a pipe: arguments are seen by everybody on the machine.
    const script = `printf 'Authorization: Bearer %s' "$(cat "$1")" | curl --silent --cacert "$2" --header @- "$3"`;
    const get = async (path: string): Promise<string> =>
      (await workshop.run("sh", ["-c", script, "sh", tokenFile, server.caFile, `${server.url}${path}`])).stdout;
    expect(await get("/store/ada/file")).toBe("of Ada");
    expect(await get("/store/bob/file")).toContain("permission denied");
  });

  it.skipIf(davix.isMissing)(`lets davix read, write and remove with such a file (${davix.words})`, async () => {
    // davix 0.8.4 reads no token file, and takes a header from its arguments only, where everybody on the machine sees it:
    // for a test with a token of its own that will do, for a person's token on a shared machine it will not.
    const script = `token=$(cat "$1"); shift; exec "$@" -H "Authorization: Bearer $token"`;
    const run = (program: string, path: string, ...files: readonly string[]): Promise<Ran> => {
      const command = [program, "--capath", authorities, ...files, `${server.url}${path}`];
      return workshop.run("sh", ["-c", script, "sh", tokenFile, ...command]);
    };
    const refusal = { stderr: expect.stringContaining("403") };
    const upload = workshop.write("upload", "of davix");
    expect(await run("davix-get", "/store/ada/file")).toMatchObject({ code: 0, stdout: "of Ada" });
    expect(await run("davix-get", "/store/bob/file")).toMatchObject(refusal);
    expect(await run("davix-put", "/store/ada/davix", upload)).toMatchObject({ code: 0 });
    expect(server.read("/store/ada/davix")).toBe("of davix");
    expect(await run("davix-rm", "/store/ada/davix")).toMatchObject({ code: 0 });
    expect(server.read("/store/ada/davix")).toBeUndefined();
    expect(await run("davix-put", "/store/bob/davix", upload)).toMatchObject(refusal);
  });

  const tokenFor = (scope: string): Promise<string> =>
    createToken({ sub: "ada", aud: AUDIENCE, scope }, { key, issuer: ISSUER });
});
