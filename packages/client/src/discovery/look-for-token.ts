// Every place where a token may lie, and the first one that fits: as users of HTCondor and igwn-auth-utils know it.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { AccessToken } from "../base/access-token.js";
import { readRequest } from "../base/token-request.js";
import type { TokenRequest } from "../base/token-source.js";
import { tokenFits } from "../claims/token-fits.js";
import { describeFileError, nameFile } from "../files/name-file.js";
import { readSurroundings } from "./options.js";
import type { DiscoveryOptions, Surroundings } from "./options.js";
import { filePlace, noPlace, variablePlace } from "./place.js";
import type { Place } from "./place.js";
import { discoverySteps, namedFile } from "./steps.js";

/** One place that was looked at. */
export interface PlaceReport {
  readonly place: string;
  /** Why its token is not the one, in words; undefined: it is. */
  readonly why: string | undefined;
}

/** What a search came to. */
export interface TokenSearch {
  readonly token: AccessToken | undefined;
  /** In the order in which they were looked at, up to the place of the token. */
  readonly places: readonly PlaceReport[];
}

/**
 * Looks for a token that fits: `SCITOKEN`, the file `SCITOKEN_FILE`, each `*.use` in `$_CONDOR_CREDS` by name, and then what
 * WLCG Bearer Token Discovery comes to. As `findToken`, for whoever wants to show where was looked: it does not throw
 * for what it finds.
 * @throws {TypeError} for a wrong option or request
 * @example (await lookForToken({ audience: "https://data.example" })).places // [{ place: "SCITOKEN", why: "not set" }, ...]
 */
export async function lookForToken(request: TokenRequest = {}, options?: DiscoveryOptions): Promise<TokenSearch> {
  readRequest(request); // a misspelt one is a mistake even where no token is
  const around = readSurroundings("findToken", options);
  const places: PlaceReport[] = [];
  const own = [variablePlace("SCITOKEN", around.env["SCITOKEN"]), namedFile("SCITOKEN_FILE", around)];
  for (const place of [...own, ...(await condorPlaces(around))]) {
    request.signal?.throwIfAborted();
    const { token, why } = await tryPlace(place, request, around);
    places.push({ place: place.name, why });
    if (why === undefined) return { token, places };
  }
  let ended = false;
  for (const step of discoverySteps(around)) {
    request.signal?.throwIfAborted();
    const { token, why, last }: Trial = ended ? PAST_THE_END : await tryPlace(step, request, around);
    places.push({ place: step.name, why });
    if (why === undefined) return { token, places };
    ended ||= last; // the specification: no token is chosen among several, and a fault is not passed over
  }
  return { token: undefined, places };
}

interface Trial {
  readonly token: AccessToken | undefined;
  readonly why: string | undefined;
  /** Whether the four steps of discovery end here. */
  readonly last: boolean;
}

const PAST_THE_END: Trial = { token: undefined, why: "not looked at: discovery ended before it", last: true };

async function tryPlace(place: Place, request: TokenRequest, { clock }: Surroundings): Promise<Trial> {
  const look = await place.look();
  if (look.found === "nothing") return { token: undefined, why: look.why, last: false };
  if (look.found === "fault") return { token: undefined, why: look.why, last: true };
  return { token: look.token, why: tokenFits(look.token, request, clock()), last: true };
}

/** A job's tokens, as HTCondor's credential monitor writes them. */
async function condorPlaces({ env, uid, onWarning }: Surroundings): Promise<readonly Place[]> {
  const variable = "_CONDOR_CREDS";
  const folder = env[variable];
  if (folder === undefined) return [noPlace(variable, "not set")];
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".use")).toSorted();
    if (names.length === 0) return [noPlace(nameFolder(folder), "no *.use file in it")];
    return names.map((name) => filePlace(join(folder, name), { variable, uid, ownOnly: false, onWarning, json: true }));
  } catch (error) {
    return [noPlace(nameFolder(folder), describeFileError(error))];
  }
}

function nameFolder(folder: string): string {
  return nameFile(folder, "_CONDOR_CREDS").replace(/^the file/, "the folder");
}
