// A line of a shell, taken apart into words as Python's shlex does it for htgettoken: quotes, backslashes, and # for a comment.

/** @throws {TypeError} for a quote that is not closed, or a backslash at the end */
export function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined; // undefined between words: "" is a word
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (/\s/.test(character) || character === "#") {
      if (word !== undefined) words.push(word);
      word = undefined;
      if (character === "#") at = endOfLine(text, at);
    } else if (character === "'" || character === '"') {
      const end = closingQuote(text, at, character);
      const quoted = text.slice(at + 1, end);
      word = (word ?? "") + (character === '"' ? quoted.replace(/\\(["\\])/g, "$1") : quoted);
      at = end;
    } else if (character === "\\") {
      at += 1;
      if (at === text.length) throw new TypeError("HTGETTOKENOPTS: nothing follows the backslash at the end");
      word = (word ?? "") + text.charAt(at);
    } else {
      word = (word ?? "") + character;
    }
  }
  return word === undefined ? words : [...words, word];
}

function closingQuote(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text.charAt(at) === "\\") at += 1;
    else if (text.charAt(at) === quote) return at;
  }
  throw new TypeError(`HTGETTOKENOPTS: a quote is not closed (${quote})`);
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}
