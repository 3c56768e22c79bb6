import express4 from "express4";
import express5 from "express";
import { describeContract } from "./contract.js";
import { expressHarness } from "./express-harness.js";

describeContract(expressHarness("Express 4", express4 as unknown as typeof express5, "*"));
describeContract(expressHarness("Express 5", express5, "*below"));
