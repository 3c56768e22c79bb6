// A class-based Express handler with legacy decorators (experimentalDecorators), and the token as a parameter.
import express from "express";
import type { NextFunction, Request, Response } from "express";
import { problemDetails, Protect, SciToken, Token } from "@scitokens/express";
import { checkService, report } from "./check-answers.js";

report(
  checkService((trust) => {
    class Data {
      @Protect({ ...trust, scope: "read:/data" })
      list(_req: Request, res: Response, _next: NextFunction, @Token() token?: SciToken): void {
        res.json({ subject: token?.subject });
      }
    }
    const data = new Data();
    const app = express();
    app.get("/data", (req, res, next) => data.list(req, res, next));
    app.use(problemDetails());
    return app;
  }),
);
