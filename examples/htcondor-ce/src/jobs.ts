// The job queue, behind capabilities: one handler a method, each says what it asks for.
import { Protect, Token } from "@scitokens/express";
import type { EnforcerOptions, SciToken } from "@scitokens/express";
import type { NextFunction, Request, Response } from "express";
import * as z from "zod";

export interface Job {
  readonly id: number;
  readonly owner: string;
  readonly executable: string;
  status: "idle" | "held" | "removed";
}

export interface JobHandlers {
  submit(request: Request, response: Response, next: NextFunction): unknown;
  list(request: Request, response: Response, next: NextFunction): unknown;
  hold(request: Request, response: Response, next: NextFunction): unknown;
  remove(request: Request, response: Response, next: NextFunction): unknown;
}

/** Users see and change their own jobs only: which user a token stands for is `iss` and `sub` together. */
export function createJobs(issuers: EnforcerOptions): JobHandlers {
  const trust = { ...issuers, claims: z.object({ sub: z.string().min(1) }) }; // nobody's jobs belong to everybody
  class Jobs implements JobHandlers {
    readonly #jobs: Job[] = [];

    // A SciToken with condor:/WRITE may do this too: the names of one right count for each other.
    @Protect({ ...trust, scope: "compute.create" })
    submit(request: Request, response: Response, _next: NextFunction, @Token() token?: SciToken): void {
      const { executable } = (request.body ?? {}) as { readonly executable?: unknown };
      if (typeof executable !== "string" || executable === "") {
        return void response.status(422).json({ error: "executable: expected a text" });
      }
      const job: Job = { id: this.#jobs.length + 1, owner: ownerOf(token), executable, status: "idle" };
      this.#jobs.push(job);
      response.status(201).location(`/jobs/${job.id}`).json(job);
    }

    @Protect({ ...trust, scope: "compute.read" })
    list(_request: Request, response: Response, _next: NextFunction, @Token() token?: SciToken): void {
      response.json(this.#jobs.filter(({ owner }) => owner === ownerOf(token)));
    }

    @Protect({ ...trust, scope: "compute.modify" })
    hold(request: Request, response: Response, _next: NextFunction, @Token() token?: SciToken): void {
      this.#change(request, response, { owner: ownerOf(token), status: "held" });
    }

    @Protect({ ...trust, scope: "compute.cancel" })
    remove(request: Request, response: Response, _next: NextFunction, @Token() token?: SciToken): void {
      this.#change(request, response, { owner: ownerOf(token), status: "removed" });
    }

    #change(request: Request, response: Response, { owner, status }: Pick<Job, "owner" | "status">): void {
      const job = this.#jobs.find((one) => String(one.id) === request.params["id"] && one.owner === owner);
      if (job === undefined) return void response.status(404).json({ error: "no such job of yours" });
      job.status = status;
      response.json(job);
    }
  }
  return new Jobs();
}

function ownerOf(token: SciToken | undefined): string {
  return `${token?.issuer} ${token?.subject ?? ""}`;
}
