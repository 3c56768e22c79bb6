// What the library says of a source, as a person at a terminal is told: options by their flags, the network in plain words.
import { TokenError } from "@scitokens/client";
import { Trouble } from "../exit.js";
import { withNetworkWords } from "../network/words.js";
import { printable } from "../output/printable.js";

const FLAGS: Readonly<Record<string, string>> = {
  issuer: "--issuer",
  tokenEndpoint: "--token-endpoint",
  clientId: "--client-id",
  clientSecret: "--client-secret-file",
  audienceStyle: "--audience-style",
  audience: "--audience",
  scope: "--scope",
  resource: "--resource",
  refreshToken: "--refresh-token-file",
  account: "--account",
  socket: "--socket",
  address: "--address",
  role: "--role",
  credkey: "--credkey",
  vaultTokenFile: "--vault-token-file",
};

/** @throws {Trouble} instead of a TypeError, which names an option; of a TokenError that tells of the network */
export async function optionTrouble<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof TokenError && error.code === "unreachable") {
      throw new Trouble(printable(withNetworkWords(error.message), 2048));
    }
    if (!(error instanceof TypeError)) throw error;
    // "deviceCode: issuer must be ...": whose option it is does not matter here.
    const sentence = error.message.replace(/^\w+: /, "");
    throw new Trouble(printable(inFlags(sentence)));
  }
}

/** Its subject, and whole words that can mean nothing else. */
function inFlags(sentence: string): string {
  const subject = /^\w+/.exec(sentence)?.[0] ?? "";
  const named = Object.hasOwn(FLAGS, subject) ? sentence.replace(subject, FLAGS[subject] ?? subject) : sentence;
  return named.replaceAll("allowInsecureIssuer: true", "--allow-insecure-issuer");
}
