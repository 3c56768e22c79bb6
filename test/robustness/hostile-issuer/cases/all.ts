// Every behaviour, in the order of the table.
import type { HostileCase } from "../case.js";
import { ANSWERS } from "./answers.js";
import { CONNECTIONS } from "./connections.js";
import { FLOODS } from "./floods.js";
import { KEY_SETS } from "./key-sets.js";
import { METADATA } from "./metadata.js";
import { REDIRECTS } from "./redirects.js";
import { TLS } from "./tls.js";

export const CASES: readonly HostileCase[] = [
  ...CONNECTIONS,
  ...ANSWERS,
  ...FLOODS,
  ...REDIRECTS,
  ...METADATA,
  ...TLS,
  ...KEY_SETS,
];
