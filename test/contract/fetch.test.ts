import { describeContract } from "./contract.js";
import { fetchHarnesses } from "./fetch-harness.js";

for (const harness of fetchHarnesses()) describeContract(harness);
