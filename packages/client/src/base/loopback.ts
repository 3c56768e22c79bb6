// Where a token or a secret may go: over https, or not beyond this machine. RFC 6750 5.3, RFC 8252 8.3.

/** Whether the URL's host is this machine: localhost, 127.0.0.0/8 or ::1. The URL parser has brought other spellings to these. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Whether what is sent to this URL can be read by nobody between. */
export function isPrivateChannel(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
}
