import { describeContract } from "./contract.js";
import { nodeHarness } from "./node-harness.js";

describeContract(nodeHarness);
