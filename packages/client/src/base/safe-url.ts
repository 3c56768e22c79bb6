// A URL of an option, read strictly: it is where secrets go.

/**
 * Parses a URL of an option.
 * @throws {TypeError} when it is none, holds credentials or a fragment, or is neither http nor https
 */
export function readUrl(where: string, name: string, value: unknown): URL {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`${where}: ${name} must be a URL, such as https://issuer.example`);
  }
  if (url.username !== "" || url.password !== "") throw new TypeError(`${where}: ${name} must hold no credentials`);
  if (url.hash !== "") throw new TypeError(`${where}: ${name} must hold no fragment`);
  return url;
}
