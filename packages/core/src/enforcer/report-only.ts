// A server that only reports what it would refuse protects nothing: nobody shall find that out late. Rule H9.
import type { EventSink } from "../base/events.js";
import { process } from "../base/builtin.js";

/** Says it where a person sees it, and to whoever hears the events. */
export function warnOfReportOnly(events: EventSink, issuers: readonly string[]): void {
  const warning =
    "mode: 'report': requests that should be refused are let through, and only reported; NOTHING IS PROTECTED on these routes";
  // oxlint-disable-next-line no-console -- where there are no warnings of a process
  if (process?.emitWarning === undefined) console.warn(warning);
  else process.emitWarning(warning, { type: "SciTokensWarning", code: "SCITOKENS_REPORT_ONLY" });
  events.emit({ type: "report_only", issuers });
}
