import { koaHarnesses } from "../contract/koa-harness.js";
import { describeCorpus } from "./describe-corpus.js";

for (const harness of koaHarnesses()) describeCorpus(harness);
