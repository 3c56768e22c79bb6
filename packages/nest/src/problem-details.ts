// Refusals as application/problem+json, for applications without a filter of their own. RFC 9457, rule H5.
import { Catch } from "@nestjs/common";
import type { ArgumentsHost, ExceptionFilter } from "@nestjs/common";
import { refusalAnswer } from "@scitokens/core/http";
import { isAnswered, sendTo } from "./platform.js";
import { RefusedException } from "./refuse.js";

/**
 * A filter that answers refusals with a problem document, and leaves every other exception alone. Without it Nest's own
 * filter sends the same document with the same status and challenge, as plain JSON.
 * @example { provide: APP_FILTER, useClass: ProblemDetailsFilter }
 */
@Catch(RefusedException)
export class ProblemDetailsFilter implements ExceptionFilter<RefusedException> {
  catch(exception: RefusedException, host: ArgumentsHost): void {
    // GraphQL reports errors in its own way.
    if (host.getType<string>() !== "http") throw exception;
    const response = host.switchToHttp().getResponse<unknown>();
    if (!isAnswered(response)) sendTo(response, refusalAnswer(exception.refusal));
  }
}

/** The filter, made. @example app.useGlobalFilters(problemDetails()) */
export function problemDetails(): ProblemDetailsFilter {
  return new ProblemDetailsFilter();
}
