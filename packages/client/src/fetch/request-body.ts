// A request's body: can it be sent a second time, and how is it sent to a server that reads no `content-length`?

type Body = RequestInit["body"];

const KEPT = ["String", "ArrayBuffer", "SharedArrayBuffer", "Blob", "File", "FormData", "URLSearchParams"];

/** Whether it is still there after it was sent: text, bytes, a form; a stream is used up. */
export function canSendAgain(body: Body): boolean {
  if (body === undefined || body === null || ArrayBuffer.isView(body)) return true;
  // By name, for classes of another implementation of fetch are as good.
  return KEPT.includes(Object.prototype.toString.call(body).slice("[object ".length, -1));
}

/** The body as a stream, which is sent in chunks and without a length, and the type that fetch would give it. */
export function toChunks(body: NonNullable<Body>): { readonly stream: Response["body"]; readonly type: string | null } {
  const { body: stream, headers } = new Response(body);
  return { stream, type: headers.get("content-type") };
}
