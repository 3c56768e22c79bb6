import { describeContract } from "./contract.js";
import { koaHarnesses } from "./koa-harness.js";

for (const harness of koaHarnesses()) describeContract(harness);
