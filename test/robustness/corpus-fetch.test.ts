import { fetchHarnesses } from "../contract/fetch-harness.js";
import { describeCorpus } from "./describe-corpus.js";

for (const harness of fetchHarnesses()) describeCorpus(harness);
