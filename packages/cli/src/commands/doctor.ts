// scitokens doctor: what is wrong with an issuer, in plain words. Rules I2 to I10.
import { lookup } from "node:dns/promises";
import type { AddCommand } from "../command.js";
import { inspectCertificate } from "../doctor/certificate.js";
import { examine } from "../doctor/examine.js";
import { createReport, describeReport } from "../doctor/report.js";
import { Refused } from "../exit.js";
import { caFileOption, durationOption, insecureOption, jsonOption } from "../input/options.js";
import type { Io } from "../io.js";
import { fetchTrusting } from "../network/fetch-with-ca.js";
import { readTrustedCas } from "../network/trusted-cas.js";
import { print } from "../output/print.js";
import { addExamples } from "../reference/examples.js";

/** What servers read of a document, by default (I4). */
const MAX_BYTES = 1_048_576;

interface DoctorOptions {
  readonly caFile?: string;
  readonly timeout: number;
  readonly allowInsecureIssuer?: true;
  readonly json?: true;
}

export const addDoctor: AddCommand = (program, io) => {
  const command = program
    .command("doctor")
    .summary("say what is wrong with an issuer, and what to do")
    .description(
      "Examines an issuer: its URL, the network, TLS, its metadata in both well-known places, its keys, its clock; last, what a " +
        "server with this library makes of the same answers. Sends no token, and needs none. Exit code 1: something failed; " +
        "warnings alone are 0.",
    )
    .argument("<issuer>", "the issuer's URL, spelt as in its tokens' iss")
    .addOption(caFileOption())
    .addOption(durationOption("--timeout <time>", "how long each answer may take").default(10, "10s"))
    .addOption(insecureOption())
    .addOption(jsonOption());
  addExamples(command, [
    { run: "scitokens doctor https://issuer.example.org", shows: "what is wrong with an issuer" },
    {
      run: "scitokens doctor https://issuer.example.org/vo1 --ca-file ca.pem",
      shows: "one with a certificate of a private CA",
    },
    {
      run: "scitokens doctor http://127.0.0.1:8080 --allow-insecure-issuer --json",
      shows: "a development issuer, as JSON",
    },
  ]).action((issuer: string, options: DoctorOptions) => doctor(io, issuer, options));
};

async function doctor(io: Io, issuer: string, options: DoctorOptions): Promise<void> {
  const { timeout, caFile, json = false, allowInsecureIssuer: allowInsecure = false } = options;
  const { clock, signal } = io;
  const ca = await readTrustedCas(io, caFile);
  const fetch = await fetchTrusting(io, ca);
  const findings = await examine({
    issuer,
    allowInsecure,
    fetch,
    clock,
    timeout,
    maxBytes: MAX_BYTES,
    signal,
    lookUp: (host) => lookup(host, { all: true }),
    inspectCertificate: (url, ending) => inspectCertificate(url, { ca, signal: ending }),
  });
  const report = createReport(issuer, findings);
  print(io, { json: report, text: describeReport(io, report) }, json);
  if (report.verdict === "fail") throw new Refused();
}
