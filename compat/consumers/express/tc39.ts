// A class-based Express handler with the decorators of the language (TC39).
import express from "express";
import type { NextFunction, Request, Response } from "express";
import { getToken, problemDetails, Protect } from "@scitokens/express";
import { checkService, report } from "./check-answers.js";

report(
  checkService((trust) => {
    class Data {
      @Protect({ ...trust, scope: "read:/data" })
      list(req: Request, res: Response, _next: NextFunction): void {
        res.json({ subject: getToken(req).subject });
      }
    }
    const data = new Data();
    const app = express();
    app.get("/data", (req, res, next) => data.list(req, res, next));
    app.use(problemDetails());
    return app;
  }),
);
