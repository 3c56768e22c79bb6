// Runs three times: with Nest 12, and in the projects nest10 and nest11 (vitest.config.ts) with those.
import { ExpressAdapter } from "@nestjs/platform-express";
import { describeContract } from "./contract.js";
import { nestHarness } from "./nest-harness.js";

// Nest 10 brings Express 4, which writes "and all below" otherwise.
const wildcard = "lazyrouter" in new ExpressAdapter().getInstance() ? "*" : "*below";

describeContract(nestHarness("Nest on Express", "express", wildcard));
describeContract(nestHarness("Nest on Fastify", "fastify", "*"));
