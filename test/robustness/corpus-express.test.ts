import { expressHarnesses } from "../contract/express-harness.js";
import { describeCorpus } from "./describe-corpus.js";

for (const harness of expressHarnesses()) describeCorpus(harness);
