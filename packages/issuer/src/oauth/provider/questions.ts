// What the issuer has to ask people, and in which words it is told the answer.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Granted } from "../grants/grant.js";
import type { UserSettings } from "../user-options.js";

/** A request that waits for a person. */
export interface PendingRequest {
  readonly clientName: string;
  readonly granted: Granted;
}

/** A request at the page of user codes (RFC 8628 3.3). */
export interface Devices {
  readonly find: (userCode: string) => Promise<PendingRequest | undefined>;
  /** Allowed by a user, or by nobody; false where there is no such code, or no longer. */
  readonly answer: (userCode: string, user: UserSettings | undefined) => Promise<boolean>;
}

/** A request at the authorization endpoint (RFC 6749 4.1.1). */
export interface Consents {
  readonly find: (request: IncomingMessage, response: ServerResponse) => Promise<PendingRequest | undefined>;
  /** Sends the browser on; allowed by a user, or by nobody. */
  readonly answer: (
    request: IncomingMessage,
    response: ServerResponse,
    user: UserSettings | undefined,
  ) => Promise<void>;
}
