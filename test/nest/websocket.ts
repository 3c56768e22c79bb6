// A WebSocket client that asks and waits, for gateways on platform-ws.
import { on, once } from "node:events";
import { WebSocket } from "ws";

export interface Reply {
  readonly event: string;
  readonly data: unknown;
}

/** Sends all messages, and gives what comes back until there is a reply to each, or the one of this event. */
export async function converse(
  port: number,
  messages: readonly object[],
  { headers = {}, until }: { readonly headers?: Readonly<Record<string, string>>; readonly until?: string } = {},
): Promise<readonly Reply[]> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers });
  const received = on(socket, "message", { signal: AbortSignal.timeout(5000) });
  await once(socket, "open");
  for (const message of messages) socket.send(JSON.stringify(message));
  const replies: Reply[] = [];
  for await (const [data] of received as AsyncIterable<[Buffer]>) {
    const reply = JSON.parse(data.toString()) as Reply;
    replies.push(reply);
    if (replies.length === messages.length || reply.event === until) break;
  }
  socket.close();
  return replies;
}
