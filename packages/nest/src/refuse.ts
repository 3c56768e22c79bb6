// How a refusal is said in each kind of context: thrown, as Nest's filters know it. Rules H3, H5.
import { HttpException } from "@nestjs/common";
import type { ExecutionContext } from "@nestjs/common";
import type { Problem, Refusal } from "@scitokens/core/http";
import { graphqlContext, graphqlResponse } from "./graphql-context.js";
import { applyTo, challenge, isObject } from "./platform.js";

/**
 * A refused request, for Nest's exception filters. Its response is the problem document; why it was refused is in
 * `refusal.cause`, for the operator.
 */
export class RefusedException extends HttpException {
  readonly refusal: Refusal;
  /** What GraphQL servers report beside an error's message. */
  readonly extensions: Problem;

  constructor(refusal: Refusal) {
    super({ ...refusal.problem }, refusal.status, { cause: refusal });
    this.refusal = refusal;
    this.extensions = refusal.problem;
    this.message = refusal.message;
    // What GraphQL servers show of errors while developing: no paths of this machine (H4).
    this.stack = `RefusedException: ${refusal.message}`;
  }
}

/** @throws what Nest's own filters turn into an answer in this context */
export async function refuse(context: ExecutionContext, refusal: Refusal): Promise<never> {
  switch (context.getType<string>()) {
    case "ws": {
      const { WsException } = await import("@nestjs/websockets");
      throw new WsException({ ...refusal.problem });
    }
    case "rpc": {
      const { RpcException } = await import("@nestjs/microservices");
      throw new RpcException(isGrpc(context) ? grpcStatus(refusal) : { ...refusal.problem });
    }
    case "http":
      // Nest drops an exception's headers, so that they are set now.
      applyTo(context.switchToHttp().getResponse<unknown>(), refusal);
      throw new RefusedException(refusal);
    case "graphql":
      // Of several fields some may be refused: the status is GraphQL's own.
      challenge(graphqlResponse(graphqlContext(context)), refusal);
      throw new RefusedException(refusal);
    default:
      throw new RefusedException(refusal);
  }
}

function isGrpc(context: ExecutionContext): boolean {
  const metadata: unknown = context.getArgByIndex(1);
  return isObject(metadata) && typeof metadata["getMap"] === "function";
}

/** Names and numbers of gRPC's status codes: UNAUTHENTICATED, INVALID_ARGUMENT, PERMISSION_DENIED, UNAVAILABLE. */
const GRPC_STATUS: Readonly<Record<Problem["code"], number>> = Object.freeze({
  missing_token: 16,
  invalid_token: 16,
  invalid_request: 3,
  invalid_path: 3,
  insufficient_scope: 7,
  issuer_unavailable: 14,
});

function grpcStatus({ code, message }: Refusal): { readonly code: number; readonly message: string } {
  return { code: GRPC_STATUS[code], message };
}
