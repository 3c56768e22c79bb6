// One server of each framework, with a route that is protected as a test wants it. The newest major of each.
import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import { expressHarness } from "../../contract/express-harness.js";
import { fastifyHarness, ways } from "../../contract/fastify-harness.js";
import type { Harness } from "../../contract/harness.js";
import { koaHarness } from "../../contract/koa-harness.js";
import { nestHarness } from "../../contract/nest-harness.js";
import { nodeHarness } from "../../contract/node-harness.js";

export const HARNESSES: readonly Harness[] = [
  expressHarness("Express 5", express, "*below"),
  koaHarness("Koa 3", Koa),
  fastifyHarness("Fastify 5", Fastify, ways.hook),
  nestHarness("Nest 12 on Express", "express", "*below"),
  nestHarness("Nest 12 on Fastify", "fastify", "*"),
  nodeHarness,
];
