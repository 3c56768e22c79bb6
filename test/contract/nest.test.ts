// Runs three times: with Nest 12, and in the projects nest10 and nest11 (vitest.config.ts) with those.
import { describeContract } from "./contract.js";
import { nestHarnesses } from "./nest-harness.js";

for (const harness of nestHarnesses()) describeContract(harness);
