// The guard, as Nest makes it: for the whole application, or for one handler with @Protect.
import { Inject, Injectable, Optional } from "@nestjs/common";
import type { CanActivate, ExecutionContext } from "@nestjs/common";
import type { Protection } from "@scitokens/core/http";
import { decideOnce } from "./decide.js";
import type { Judge } from "./decide.js";
import { readFacts } from "./facts.js";
import type { Mark } from "./mark.js";
import type { Settings } from "./settings.js";

/** Of the Judge of an application. */
export const JUDGE: unique symbol = Symbol("JUDGE");

/**
 * Lets a call through with its verified token, or refuses it. `SciTokensModule` makes it global; `@Protect` brings it
 * along where global guards don't reach.
 */
@Injectable()
export class SciTokensGuard implements CanActivate {
  readonly #judge: Judge;

  /** @param judge of the application; without one only what has issuer and audience of its own can be judged */
  constructor(@Optional() @Inject(JUDGE) judge?: Judge) {
    this.#judge = judge ?? createJudge();
  }

  canActivate(context: ExecutionContext): Promise<boolean> {
    return decideOnce(context, this.#judge);
  }
}

/** Judges by the options of the application, and of handlers that have their own. */
export function createJudge(settings?: Settings): Judge {
  return async (context, mark) => ({
    protection: protectionOf(mark, settings),
    facts: await readFacts(context, settings?.credentials),
  });
}

function protectionOf(mark: Mark | undefined, settings: Settings | undefined): Protection {
  if (mark?.kind === "own") return mark.protection;
  if (settings !== undefined) return settings.protectionOf(mark);
  throw new Error("@Protect: import SciTokensModule.forRoot({ issuer, audience }), or give issuer and audience here");
}
