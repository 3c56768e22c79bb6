import fastify5 from "fastify";
import fastify4 from "fastify4";
import { describeContract } from "./contract.js";
import { fastifyHarness, ways } from "./fastify-harness.js";

const versions = { "Fastify 4": fastify4 as unknown as typeof fastify5, "Fastify 5": fastify5 };

for (const [name, framework] of Object.entries(versions)) {
  describeContract(fastifyHarness(`${name}, by hooks`, framework, ways.hook));
  describeContract(fastifyHarness(`${name}, by the configuration of routes`, framework, ways.config));
}
