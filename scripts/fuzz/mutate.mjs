// What is done to an input: to its bytes, to its words, and to the base64url segments of tokens, seeded.

/** mulberry32: a number below `limit` each time, the same ones for one seed. */
export function createRandom(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const MAX_BYTES = 4096;
const ODD_BYTES = Buffer.from('\0\t\n\r "#%&,./0:;=?@AZ[\\]_az{}~\x7f\x80\x85\xa0\xc0\xe2\xed\xff', "latin1");

/** @param words what the target knows: a guess at one of them is not left to chance */
export function createMutator(random, words, corpus) {
  const bytesOf = (text) => Buffer.from(text, "latin1");
  const place = (input) => random(input.length + 1);
  const part = (input) => {
    const at = place(input);
    return input.subarray(at, at + 1 + random(16));
  };
  const splice = (input, at, removed, added) =>
    Buffer.concat([input.subarray(0, at), added, input.subarray(at + removed)]);
  const changeByte = (input, change) => {
    if (input.length === 0) return input;
    const at = random(input.length);
    return splice(input, at, 1, Buffer.from([change(input[at])]));
  };
  const word = () => bytesOf(words[random(words.length)] ?? "a");

  const simple = [
    (input) => changeByte(input, (byte) => byte ^ (1 << random(8))),
    (input) => changeByte(input, () => random(256)),
    (input) => changeByte(input, () => ODD_BYTES[random(ODD_BYTES.length)]),
    (input) => changeByte(input, (byte) => byte ^ 0x20), // the other letter case
    (input) => splice(input, place(input), 0, Buffer.from([random(256)])),
    (input) => splice(input, place(input), 0, Buffer.from([ODD_BYTES[random(ODD_BYTES.length)]])),
    (input) => splice(input, place(input), 1 + random(8), Buffer.alloc(0)),
    (input) => input.subarray(0, place(input)),
    (input) => splice(input, place(input), 0, part(input)),
    (input) => splice(input, place(input), random(8), word()),
    (input) => splice(input, place(input), 0, word()),
    (input) => splice(input, place(input), 0, part(corpus[random(corpus.length)].input)),
    (input) => Buffer.concat([input.subarray(0, place(input)), part(corpus[random(corpus.length)].input)]),
    percentEncode,
    (input) => splice(input, place(input), 0, Buffer.alloc(1 + random(64), '[{"%(/a'.charCodeAt(random(7)))),
  ];
  const all = [...simple, inSegment];

  return function mutate(input) {
    let changed = all[random(all.length)](input);
    while (random(2) === 0) changed = all[random(all.length)](changed);
    return changed.subarray(0, MAX_BYTES);
  };

  function percentEncode(input) {
    if (input.length === 0) return input;
    const at = random(input.length);
    const hex = input[at].toString(16).padStart(2, "0");
    return splice(input, at, 1, bytesOf(`%${random(2) === 0 ? hex : hex.toUpperCase()}`));
  }

  /** A token's header or payload decoded, changed and encoded again: a bit of base64url alone seldom means anything. */
  function inSegment(input) {
    const segments = input.toString("latin1").split(".");
    if (segments.length < 3) return input;
    const which = random(segments.length);
    const decoded = Buffer.from(segments[which], "base64url");
    segments[which] = simple[random(simple.length)](decoded).toString("base64url");
    return bytesOf(segments.join("."));
  }
}
