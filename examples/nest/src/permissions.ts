// Who may do what, by the application's own book: a token says who somebody is, and the book what they may do here.
import { Injectable } from "@nestjs/common";
import type { SciToken } from "@scitokens/nest";

export type Permission = "annotate" | "retract";

/** A person is a subject of one issuer: two issuers may both have an alice. */
function personOf({ issuer, subject }: SciToken): string | undefined {
  return subject === undefined ? undefined : `${issuer} ${subject}`;
}

@Injectable()
export class Permissions {
  readonly #book = new Map<string, ReadonlySet<Permission>>();

  /** Writes into the book what a subject of an issuer may do. */
  grant(issuer: string, subject: string, permissions: readonly Permission[]): void {
    this.#book.set(`${issuer} ${subject}`, new Set(permissions));
  }

  allows(token: SciToken, permission: Permission): boolean {
    const person = personOf(token);
    return person !== undefined && this.#book.get(person)?.has(permission) === true;
  }
}
