// What the core answers to a token, as a status. Rule H3.
import { SciTokenError } from "@scitokens/core";
import type { Enforcer } from "@scitokens/core";
import { meta } from "./corpus.js";
import type { Asked } from "./corpus.js";

export interface Question {
  readonly token: string;
  readonly require?: Asked;
}

/** 200, or the status of the refusal. What is thrown otherwise is an error. */
export async function outcomeOf(
  enforcer: Enforcer,
  { token: raw, require: asked = meta.require }: Question,
): Promise<string> {
  try {
    const token = await enforcer.verify(raw);
    return enforcer.test(token, asked.authz, asked.path) ? "200" : "403";
  } catch (error) {
    if (error instanceof SciTokenError) return String(error.status);
    throw error;
  }
}
