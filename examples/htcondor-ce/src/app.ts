// A job submission API like that of an HTCondor-CE, the gate through which grid jobs enter a site's batch system.
import { problemDetails } from "@scitokens/express";
import type { EnforcerOptions } from "@scitokens/express";
import express from "express";
import type { Express } from "express";
import { createJobs } from "./jobs.js";

export function createApp(trust: EnforcerOptions): Express {
  const jobs = createJobs(trust);
  const app = express();
  const json = express.json({ limit: "10kb" });
  // Small bodies may be read before a handler's @Protect; before large ones goes protect(), as a middleware.
  app.get("/jobs", (request, response, next) => jobs.list(request, response, next));
  app.post("/jobs", json, (request, response, next) => jobs.submit(request, response, next));
  app.patch("/jobs/:id", (request, response, next) => jobs.hold(request, response, next));
  app.delete("/jobs/:id", (request, response, next) => jobs.remove(request, response, next));
  app.use(problemDetails());
  return app;
}
