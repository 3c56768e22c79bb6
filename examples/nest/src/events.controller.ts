// Gravitational-wave candidates: everybody who may sign in may read them; the rest goes by the application's own book.
import { Body, Controller, Delete, ForbiddenException, Get, Inject, NotFoundException } from "@nestjs/common";
import { Param, Post, UnprocessableEntityException } from "@nestjs/common";
import { Protect, Public, Token } from "@scitokens/nest";
import type { SciToken } from "@scitokens/nest";
import { Permissions } from "./permissions.js";
import type { Permission } from "./permissions.js";

export interface Candidate {
  readonly id: string;
  readonly far: number;
  readonly log: string[];
  retracted: boolean;
}

// The scope stands for "an account of this service", as gracedb.read does: it opens the door, and no more.
@Protect("gracedb.read")
@Controller("superevents")
export class EventsController {
  readonly #permissions: Permissions;
  readonly #events: ReadonlyMap<string, Candidate> = new Map([
    ["S190425z", { id: "S190425z", far: 4.5e-13, log: [], retracted: false }],
  ]);

  constructor(@Inject(Permissions) permissions: Permissions) {
    this.#permissions = permissions;
  }

  @Get()
  list(): readonly Candidate[] {
    return [...this.#events.values()];
  }

  /** Alerts have been public since O3. */
  @Public()
  @Get("public")
  public(): readonly string[] {
    return [...this.#events.values()].filter(({ retracted }) => !retracted).map(({ id }) => id);
  }

  @Post(":id/logs")
  annotate(@Param("id") id: string, @Body("comment") comment: unknown, @Token() token: SciToken): Candidate {
    const event = this.#find(id, token, "annotate");
    if (typeof comment !== "string" || comment === "") throw new UnprocessableEntityException("comment: a text");
    event.log.push(`${token.subject}: ${comment}`);
    return event;
  }

  @Delete(":id")
  retract(@Param("id") id: string, @Token() token: SciToken): Candidate {
    const event = this.#find(id, token, "retract");
    event.retracted = true;
    return event;
  }

  #find(id: string, token: SciToken, permission: Permission): Candidate {
    if (!this.#permissions.allows(token, permission)) throw new ForbiddenException(`you may not ${permission} here`);
    const event = this.#events.get(id);
    if (event === undefined) throw new NotFoundException("no such superevent");
    return event;
  }
}
