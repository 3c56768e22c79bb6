import koa3 from "koa";
import koa2 from "koa2";
import { describeContract } from "./contract.js";
import { koaHarness } from "./koa-harness.js";

describeContract(koaHarness("Koa 2", koa2 as unknown as typeof koa3));
describeContract(koaHarness("Koa 3", koa3));
