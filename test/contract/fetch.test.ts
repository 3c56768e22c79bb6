// The bare handler first, with the runtime's own Request and Response: Hono's server puts others in their place.
import { describeContract } from "./contract.js";
import { bareHarness, honoHarness } from "./fetch-harness.js";

describeContract(bareHarness);
describeContract(honoHarness);
