// Pages for people: plain HTML without scripts, which other pages cannot frame. CSP 3, WHATWG HTML.
import type { ServerResponse } from "node:http";

/** The headers of every page. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

const STYLE = `body{font:1rem/1.5 sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}
button,input,select{font:inherit;padding:.3rem .8rem;margin:.2rem}code{background:#eee;padding:.1rem .3rem}`;

/** A page of paragraphs, with a form below them. */
export function page(title: string, paragraphs: readonly string[], form = ""): string {
  const text = paragraphs.filter((paragraph) => paragraph !== "").map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${STYLE}</style><h1>${escapeHtml(title)}</h1>
${text.join("\n")}
${form}</html>\n`;
}

/** Text as it may stand in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Writes a page. */
export function sendPage(response: ServerResponse, status: number, html: string): void {
  const body = Buffer.from(html);
  response.writeHead(status, { ...PAGE_HEADERS, "content-length": body.byteLength });
  response.end(body);
}
