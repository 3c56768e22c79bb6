import { describeContract } from "./contract.js";
import { fastifyHarnesses } from "./fastify-harness.js";

for (const harness of fastifyHarnesses()) describeContract(harness);
