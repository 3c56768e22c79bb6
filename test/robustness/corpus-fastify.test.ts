import { fastifyHarnesses } from "../contract/fastify-harness.js";
import { describeCorpus } from "./describe-corpus.js";

for (const harness of fastifyHarnesses()) describeCorpus(harness);
