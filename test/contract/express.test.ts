import { describeContract } from "./contract.js";
import { expressHarnesses } from "./express-harness.js";

for (const harness of expressHarnesses()) describeContract(harness);
