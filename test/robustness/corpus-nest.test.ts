// Runs three times: with Nest 12, and in the projects nest10 and nest11 (vitest.config.ts) with those.
import { nestHarnesses } from "../contract/nest-harness.js";
import { describeCorpus } from "./describe-corpus.js";

for (const harness of nestHarnesses()) describeCorpus(harness);
