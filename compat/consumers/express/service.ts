// An Express service as a user writes it: one route, and the types that reach its handler.
import express from "express";
import { getToken, problemDetails, protect, scitokens, scope } from "@scitokens/express";
import type { SciToken } from "@scitokens/express";
import { checkService, report } from "./check-answers.js";
import { sameType } from "./same-type.js";

report(
  checkService((trust) => {
    const app = express();
    const auth = scitokens<{ email: string }>(trust);
    const readRun = protect({ ...trust, scope: (req) => scope`read:/frames/${String(req.params["run"])}` });

    app.get("/data", protect({ ...trust, scope: "read:/data" }), (req, res) => {
      sameType<typeof req.scitoken, SciToken | undefined>(true);
      res.json({ subject: getToken(req).subject });
    });
    app.get("/frames/:run", readRun, (req, res) => {
      sameType<typeof req.params.run, string>(true);
      res.json({ run: req.params.run });
    });
    app.get("/email", auth.protect({ scope: "read:/data" }), (req, res) => {
      const { email } = auth.token(req).claims;
      sameType<typeof email, string>(true);
      res.json({ email });
    });
    app.use(problemDetails());
    return app;
  }),
);
