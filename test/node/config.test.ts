// The configuration file of the Python library, the environment of the C++ library, and the log that they name. Rules I5, I13.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { EventEmitter, once } from "node:events";
import fs from "node:fs";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join } from "node:path";
import { createEnforcer } from "@scitokens/core";
import type { SciTokenEvent } from "@scitokens/core";
import { loadConfig } from "@scitokens/core/node";
import type { Config, ConfigOptions, DirectoryKeyStore } from "@scitokens/core/node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AUDIENCE, createNetwork, goodToken, ISSUER, publish, verdict } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { tempFolder } from "../support/temp-folder.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

const isRoot = process.geteuid?.() === 0;
let folder = "";
let printed: string[] = [];

beforeEach(() => {
  [folder, printed] = [tempFolder(), []];
});
afterEach(() => vi.restoreAllMocks());

function write(text: string, path = "scitokens.ini"): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** What a file with these lines in its section makes, in this environment. */
function configOf(lines: string, env: ConfigOptions["env"] = {}): Config {
  return loadConfig({ file: write(`[scitokens]\n${lines}`), env, print: (line) => printed.push(line) });
}

const errorOf = (lines: string, env: ConfigOptions["env"] = {}): string =>
  typeErrorOf(() => configOf(lines, env)).replace(folder, "");

const storeOf = (config: Config): DirectoryKeyStore => config.keys.store as DirectoryKeyStore;

describe("the file", () => {
  it("may say nothing: then there is nothing to do differently (I13)", () => {
    expect(configOf("")).toMatchObject({
      keys: {},
      defaultAlg: undefined,
      log: { level: "WARNING", file: undefined },
      caFile: undefined,
      warnings: [],
    });
    expect(configOf("").keys).not.toHaveProperty("store");
  });

  it.each([
    ["DEBUG", "DEBUG"],
    ["INFO", "INFO"],
    ["WARNING", "WARNING"],
    ["WARN", "WARNING"],
    ["ERROR", "ERROR"],
    ["CRITICAL", "CRITICAL"],
    ["debug", "DEBUG"],
    ["", "WARNING"],
  ])("log_level = %s is %s", (value, level) => {
    expect(configOf(`log_level = ${value}`).log.level).toBe(level);
  });

  // For Python a key's life without its issuer; below an hour, it is asked more often than Python does anyway.
  it.each([
    ["60", { refreshAfter: 60 }, 0],
    ["600", { refreshAfter: 600 }, 0],
    ["3599", { refreshAfter: 3599 }, 0],
    ["1", { refreshAfter: 60 }, 1],
    ["3600", { usableFor: 86_400 }, 1],
    ["86400", { usableFor: 86_400 }, 0],
    ["345600", { usableFor: 345_600 }, 0],
    ["345601", { usableFor: 345_600 }, 1],
  ])("cache_lifetime = %s makes %j, with %i warnings (I5)", (value, keys, warnings) => {
    const config = configOf(`cache_lifetime = ${value}`);
    expect(config.keys).toEqual(keys);
    expect(config.warnings).toHaveLength(warnings);
    createEnforcer({ issuer: ISSUER, audience: AUDIENCE, keys: config.keys });
  });

  it("cache_location holds the folder scitokens, where keys are kept (I13)", async () => {
    const config = configOf(`cache_location = ${folder}/cache`);
    expect(storeOf(config).folder).toBe(join(folder, "cache", "scitokens"));
    const network = createNetwork();
    const key = testKey("ES256", "k1");
    publish(network, [key]);
    const keys = { ...config.keys, fetch: network.fetch };
    const enforcer = createEnforcer({ issuer: ISSUER, audience: AUDIENCE, keys, onEvent: config.onEvent });
    expect(await verdict(enforcer, goodToken(key, Date.now() / 1000))).toBe("good");
    await vi.waitFor(() => expect(readdirSync(storeOf(config).folder)).toEqual([expect.stringMatching(/^[^.]/)]));
  });

  it("default_alg is an algorithm", () => {
    expect(configOf("default_alg = ES256").defaultAlg).toBe("ES256");
  });

  it.each([
    ["log_level = LOUD", "/scitokens.ini: line 2: log_level: expected CRITICAL, ERROR, WARNING, INFO or DEBUG"],
    ["\nlog_level = 10", "/scitokens.ini: line 3: log_level: expected CRITICAL, ERROR, WARNING, INFO or DEBUG"],
    ["cache_lifetime = 1h", "/scitokens.ini: line 2: cache_lifetime: expected a whole number of seconds, at least 1"],
    ["cache_lifetime = 0", "/scitokens.ini: line 2: cache_lifetime: expected a whole number of seconds, at least 1"],
    ["cache_lifetime = -5", "/scitokens.ini: line 2: cache_lifetime: expected a whole number of seconds, at least 1"],
    ["cache_lifetime = 1.5", "/scitokens.ini: line 2: cache_lifetime: expected a whole number of seconds, at least 1"],
    ["a = 1\na = 2", "/scitokens.ini: line 3: this name stands twice in its section"],
    ["nonsense", "/scitokens.ini: line 2: expected 'name = value'"],
  ])("with %j stops the program, with file and line", (lines, message) => {
    expect(errorOf(lines)).toBe(message);
  });

  it.each(["HS256", "none", "rs256", "RS256 "])("default_alg is not %j, or it is told which there are", (name) => {
    if (name.trim() === "RS256") expect(configOf(`default_alg = ${name}`).defaultAlg).toBe("RS256");
    else expect(errorOf(`default_alg = ${name}`)).toMatch(/line 2: default_alg: expected one of RS256, .*EdDSA/);
  });

  it("with an unknown name is read, and the nearest known name told of, in the log too", () => {
    const config = configOf("log_levle = DEBUG\ncolour = red\n");
    expect(config.warnings.map((sentence) => sentence.replace(folder, ""))).toEqual([
      "/scitokens.ini: line 2: unknown name 'log_levle'; did you mean 'log_level'?",
      expect.stringMatching(/line 3: unknown name 'colour'; known are log_level, log_file, /),
    ]);
    expect(printed.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(config.warnings);
  });

  it("without the section is told of", () => {
    const config = loadConfig({ file: write("[SciTokens]\nlog_level = DEBUG\n"), env: {}, print: () => {} });
    expect(config.warnings).toEqual([expect.stringMatching(/expected a section \[scitokens\]/)]);
    expect(config.log.level).toBe("WARNING");
  });

  it("takes DEFAULT, comments, colons and values in values, as Python does", () => {
    const text = `[DEFAULT]\nbase: ${folder}\n# comment\n[scitokens]\nlog_file = %(base)s/100%%.log\nLOG_LEVEL: INFO\n`;
    const config = loadConfig({ file: write(text), env: {}, print: () => {} });
    expect(config.log).toEqual({ level: "INFO", file: `${folder}/100%.log` });
  });
});

describe("the place of the file", () => {
  const levelIn = (env: Record<string, string>): string => loadConfig({ env, print: () => {} }).log.level;

  it("is SCITOKENS_CONFIG, else XDG_CONFIG_HOME, else ~/.config", () => {
    write("[scitokens]\nlog_level=DEBUG\n", "xdg/scitokens/scitokens.ini");
    write("[scitokens]\nlog_level=INFO\n", "home/.config/scitokens/scitokens.ini");
    const named = write("[scitokens]\nlog_level=ERROR\n", "named.ini");
    const [xdg, home] = [join(folder, "xdg"), join(folder, "home")];
    expect(levelIn({ SCITOKENS_CONFIG: named, XDG_CONFIG_HOME: xdg, HOME: home })).toBe("ERROR");
    expect(levelIn({ SCITOKENS_CONFIG: "", XDG_CONFIG_HOME: xdg, HOME: home })).toBe("DEBUG");
    expect(levelIn({ XDG_CONFIG_HOME: "relative", HOME: home })).toBe("INFO");
    expect(levelIn({ HOME: home })).toBe("INFO");
    const config = loadConfig({ env: { HOME: home } });
    expect(config.file).toBe(join(home, ".config/scitokens/scitokens.ini"));
  });

  it("that is named must be there; the usual ones need not", () => {
    expect(() => loadConfig({ file: join(folder, "none.ini"), env: {} })).toThrow(/ENOENT/);
    expect(() => loadConfig({ env: { SCITOKENS_CONFIG: join(folder, "none.ini") } })).toThrow(/ENOENT/);
    expect(loadConfig({ env: { HOME: folder } })).toMatchObject({ keys: {}, warnings: [] });
  });

  it("that nobody named and that cannot be read is passed over, with a warning", () => {
    const home = join(folder, "home");
    const path = write("[scitokens]\nlog_level=INFO\n", "home/.config/scitokens/scitokens.ini");
    for (const code of ["EACCES", "EPERM"]) {
      // Root can read anything: a child of another user would have to be made.
      const reader = vi.spyOn(fs, "readFileSync").mockImplementation((name) => {
        throw Object.assign(new Error(code), { code: name === path ? code : "ENOENT" });
      });
      syncBuiltinESMExports();
      const config = loadConfig({ env: { HOME: home }, print: (line) => printed.push(line) });
      expect(config).toMatchObject({ file: undefined, keys: {} });
      expect(config.warnings).toEqual([`${path}: it is passed over, since it cannot be read (${code})`]);
      expect(printed.pop()).toContain("cannot be read");
      expect(() => loadConfig({ file: path, env: {} })).toThrow(code);
      expect(() => loadConfig({ env: { SCITOKENS_CONFIG: path } })).toThrow(code);
      reader.mockRestore();
      syncBuiltinESMExports();
    }
  });

  it("is the only option beside the environment", () => {
    expect(typeErrorOf(() => loadConfig(wrong({ files: "x" })))).toMatch(/unknown option 'files'; did you mean 'file'/);
  });
});

describe("the environment", () => {
  it("of the C++ library wins over the file (I13)", () => {
    const env = {
      SCITOKEN_CONFIG_KEYCACHE_UPDATE_INTERVAL_S: "600",
      SCITOKEN_CONFIG_KEYCACHE_EXPIRATION_INTERVAL_S: " 172800 ",
      SCITOKEN_CONFIG_KEYCACHE_CACHE_HOME: "/c",
      SCITOKEN_CONFIG_TLS_CA_FILE: "/ca.pem",
    };
    const config = configOf("cache_lifetime = 345600\ncache_location = /other", env);
    expect(config.keys).toMatchObject({ refreshAfter: 600, usableFor: 172_800 });
    expect(storeOf(config).folder).toBe("/c/scitokens");
    expect(config.caFile).toBe("/ca.pem");
    expect(config.warnings).toEqual([]);
  });

  it("may be in lower case, where it is not in upper case, and counts as not set where it is empty", () => {
    const lower = { scitoken_config_tls_ca_file: "/lower.pem" };
    expect(configOf("", lower).caFile).toBe("/lower.pem");
    expect(configOf("", { ...lower, SCITOKEN_CONFIG_TLS_CA_FILE: "/upper.pem" }).caFile).toBe("/upper.pem");
    expect(configOf("", { ...lower, SCITOKEN_CONFIG_TLS_CA_FILE: "" }).caFile).toBe("/lower.pem");
    expect(configOf("", { SCITOKEN_CONFIG_TLS_CA_FILE: "" }).caFile).toBeUndefined();
  });

  it.each([
    ["KEYCACHE_UPDATE_INTERVAL_S", "5", { refreshAfter: 60 }],
    ["KEYCACHE_UPDATE_INTERVAL_S", "999999", { refreshAfter: 86_400 }],
    ["KEYCACHE_EXPIRATION_INTERVAL_S", "3600", { usableFor: 86_400 }],
    ["KEYCACHE_EXPIRATION_INTERVAL_S", "999999", { usableFor: 345_600 }],
  ])("%s=%s is brought within limits, with a warning (I5)", (name, value, keys) => {
    const config = configOf("", { [`SCITOKEN_CONFIG_${name}`]: value });
    expect(config.keys).toEqual(keys);
    expect(config.warnings).toEqual([expect.stringMatching(`^SCITOKEN_CONFIG_${name}: ${value} s is outside of`)]);
  });

  it("with a word for a number stops the program", () => {
    const name = "SCITOKEN_CONFIG_KEYCACHE_UPDATE_INTERVAL_S";
    for (const value of ["ten", "1e3", "-5", "10s"]) {
      expect(errorOf("", { [name]: value })).toBe(`${name}: expected a whole number of seconds`);
    }
  });

  it("is told of where it is misspelt, and passed over where we have no such thing", () => {
    const passed = { SCITOKEN_CONFIG_MONITORING_FILE: "/m", SCITOKEN_CONFIG_KEYCACHE_ALLOW_IN_MEMORY: "true" };
    expect(configOf("", passed).warnings).toEqual([]);
    expect(configOf("", { SCITOKEN_CONFIG_TLS_CAFILE: "/x" }).warnings).toEqual([
      "unknown variable SCITOKEN_CONFIG_TLS_CAFILE; did you mean 'TLS_CA_FILE'?",
    ]);
  });
});

describe("the log", () => {
  const failed: SciTokenEvent = { type: "keys_failed", issuer: ISSUER, message: "no net", retryAfter: 2 };
  const fetched: SciTokenEvent = { type: "keys_fetched", issuer: ISSUER, keys: 1, removed: [] };
  const linesOf = (path: string): readonly Record<string, unknown>[] =>
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("has a line for each event of its level and above, in a file of mode 600", async () => {
    const path = join(folder, "scitokens.log");
    const config = configOf(`log_file = ${path}\nlog_level = INFO\n`);
    const allowed = {
      type: "allowed",
      requestId: "r",
      request: { method: "GET", path: "/" },
      token: { verified: true },
      required: undefined,
      grantedBy: { scopes: [] },
    } as const;
    for (const event of [failed, fetched, allowed]) config.onEvent(event);
    await vi.waitFor(() => expect(linesOf(path)).toHaveLength(2));
    expect(linesOf(path)).toEqual([
      expect.objectContaining({ level: "WARNING", event: "keys_failed", issuer: ISSUER, retryAfter: 2 }),
      expect.objectContaining({ level: "INFO", message: `fetched 1 key of ${ISSUER}`, time: expect.any(String) }),
    ]);
    expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
    expect(printed).toEqual([]);
  });

  it("keeps what is in the file, and its mode, and goes on when it was moved away", async () => {
    const path = write("before\n", "scitokens.log");
    chmodSync(path, 0o640);
    const config = configOf(`log_file = ${path}`);
    config.onEvent(failed);
    await vi.waitFor(() => expect(readFileSync(path, "utf8")).toMatch(/^before\n\{.*\}\n$/));
    expect((statSync(path).mode & 0o777).toString(8)).toBe("640");
    renameSync(path, `${path}.1`);
    config.onEvent(failed);
    await vi.waitFor(() => expect(linesOf(path)).toHaveLength(1));
  });

  const UNWRITABLE: readonly (readonly [string, () => string, RegExp])[] = [
    ["in a folder that is not there", () => join(folder, "none", "x.log"), /ENOENT/],
    ["below what is no folder", () => join(write("", "file"), "x.log"), /ENOTDIR/],
    ["that cannot be written to", unwritable, /EACCES/],
  ];

  function unwritable(): string {
    const path = write("", "closed.log");
    chmodSync(path, 0o400);
    return path;
  }

  // Root can write to anything.
  it.each(UNWRITABLE.filter(([, make]) => !isRoot || make !== unwritable))(
    "in a file %s is one warning of the process, and the service goes on",
    async (_, make, words) => {
      const warnings = new EventEmitter();
      const warned = vi
        .spyOn(process, "emitWarning")
        .mockImplementation((warning) => void warnings.emit("said", warning));
      const said = once(warnings, "said");
      const config = configOf(`log_file = ${make()}`);
      for (let times = 0; times < 100; times++) config.onEvent(failed);
      await said;
      config.onEvent(failed);
      await new Promise((resolve) => setImmediate(resolve));
      expect(warned).toHaveBeenCalledTimes(1);
      expect(warned).toHaveBeenCalledWith(expect.stringMatching(words), { type: "SciTokensWarning" });
    },
  );

  it("without a file goes to stderr, one line an event", () => {
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    loadConfig({ env: { HOME: folder } }).onEvent(failed);
    expect(written.mock.calls.map(([line]) => line)).toEqual([expect.stringMatching(/^\{.*"level":"WARNING".*\}\n$/)]);
  });

  it("has its own sentence, time and level in each line, whatever the event's fields are called", async () => {
    const config = loadConfig({ env: { HOME: folder }, print: (line) => printed.push(line) });
    config.onEvent(Object.assign({ ...failed }, { time: "never", level: "loud" }));
    const [line = "{}"] = printed;
    expect(JSON.parse(line)).toMatchObject({
      level: "WARNING",
      message: `cannot fetch the keys of ${ISSUER}, trying again in 2 s: no net`,
      time: expect.stringMatching(/^\d{4}-/),
      event: "keys_failed",
    });
    expect(Object.keys(JSON.parse(line) as object).slice(0, 3)).toEqual(["time", "level", "message"]);
  });

  it("of more lines than a slow disk takes is told of once, and has those that came first", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const path = join(folder, "scitokens.log");
    const config = configOf(`log_file = ${path}`);
    const long = { ...failed, message: "x".repeat(1000) };
    for (let times = 0; times < 3000; times++) config.onEvent(long);
    expect(warned).toHaveBeenCalledExactlyOnceWith(
      `log_file: ${path}: lines are dropped, the disk is too slow for them`,
      { type: "SciTokensWarning" },
    );
    await vi.waitFor(() => expect(linesOf(path).length).toBeGreaterThan(400));
  });

  it("in a file by a link goes where the link leads, also before the file is there", async () => {
    mkdirSync(join(folder, "elsewhere"));
    symlinkSync(join(folder, "elsewhere"), join(folder, "way"));
    symlinkSync(join(folder, "way", "real.log"), join(folder, "scitokens.log"));
    configOf(`log_file = ${join(folder, "scitokens.log")}`).onEvent(failed);
    await vi.waitFor(() => expect(linesOf(join(folder, "elsewhere", "real.log"))).toHaveLength(1));
  });

  it.runIf(isRoot).each(["scitokens.log", "way"])("is not led elsewhere by another user's link, %s", async (name) => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const precious = write("precious\n", "elsewhere/scitokens.log");
    symlinkSync(name === "way" ? dirname(precious) : precious, join(folder, name));
    execFileSync("chown", ["-h", "12345", join(folder, name)]);
    const path = name === "way" ? join(folder, "way", "scitokens.log") : join(folder, name);
    configOf(`log_file = ${path}`).onEvent(failed);
    await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce());
    expect(warned).toHaveBeenCalledWith(`log_file: ${join(folder, name)}: it belongs to another user (12345)`, {
      type: "SciTokensWarning",
    });
    expect(readFileSync(precious, "utf8")).toBe("precious\n");
  });

  /** Has a service of its own log to a stderr that somebody spoils. */
  const logging = `import { loadConfig } from "@scitokens/core/node";
    const { onEvent } = loadConfig({ env: { HOME: "/nonexistent" } });
    process.stdin.once("data", () => {
      for (let times = 0; times < 3; times++) onEvent(${JSON.stringify(failed)});
      setTimeout(() => (onEvent(${JSON.stringify(failed)}), setTimeout(() => { console.log("alive"); process.exit(0); }, 50)), 50);
    });
    console.log("begun");`;
  const cwd = new URL("..", import.meta.url);

  it("on a stderr that is gone does not end the service", async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", logging], { cwd, stdio: "pipe" });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    await vi.waitFor(() => expect(said).toBe("begun\n"), { timeout: 10_000 });
    child.stderr.destroy();
    await once(child.stderr, "close");
    child.stdin.write("go");
    const [code] = (await once(child, "close")) as [number | null];
    expect([said, code]).toEqual(["begun\nalive\n", 0]);
  });

  it.runIf(existsSync("/dev/full"))("on a stderr whose disk is full does not end the service", () => {
    const full = openSync("/dev/full", "w");
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", logging], {
      cwd,
      input: "go",
      stdio: ["pipe", "pipe", full],
      encoding: "utf8",
    });
    closeSync(full);
    expect([run.stdout, run.status]).toEqual(["begun\nalive\n", 0]);
  });

  it.runIf(existsSync("/dev/stdout"))("in /dev/stdout goes there", () => {
    const file = write("[scitokens]\nlog_file = /dev/stdout\n");
    const script = `import { loadConfig } from "@scitokens/core/node";
      loadConfig({ file: ${JSON.stringify(file)}, env: {} }).onEvent(${JSON.stringify(failed)});`;
    // By the shell: what Node makes for a child is no pipe that could be opened anew.
    const line = '"$0" --input-type=module -e "$1" | cat';
    const run = spawnSync("sh", ["-c", line, process.execPath, script], { cwd, encoding: "utf8" });
    expect([run.stderr, run.stdout]).toEqual(["", expect.stringMatching(/^\{.*"keys_failed".*\}\n$/)]);
  });

  it("of level CRITICAL is empty", () => {
    const config = configOf("log_level = CRITICAL\nunknown = 1");
    config.onEvent({ type: "private_key_published", issuer: ISSUER, keyIds: [] });
    expect(printed).toEqual([]);
    expect(config.warnings).toHaveLength(1);
  });
});

describe("importing @scitokens/core/node", () => {
  it("touches no file and no folder (I13)", () => {
    const script = `import "@scitokens/core/node"; import { existsSync, readdirSync } from "node:fs";
      console.log(JSON.stringify([readdirSync(process.env.HOME)]));`;
    const env = { PATH: process.env["PATH"], HOME: folder, XDG_CACHE_HOME: join(folder, "cache") };
    const cwd = new URL("..", import.meta.url);
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], { env, cwd, encoding: "utf8" });
    expect([run.stdout.trim(), run.stderr]).toEqual(["[[]]", ""]);
  });
});
