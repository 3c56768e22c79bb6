// Loaded before a server (node --import): its time stands still at the corpus's own, for whoever asks Date.

/** The name of the variable that holds the time, in seconds since the epoch. */
const seconds = Number(process.env["HOSTILE_NOW"]);
if (!(seconds > 0)) throw new Error("HOSTILE_NOW: expected seconds since the epoch");

globalThis.Date = new Proxy(Date, {
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [seconds * 1000] : given, newTarget) as Date,
  get: (target, name, receiver) => (name === "now" ? () => seconds * 1000 : Reflect.get(target, name, receiver)),
});
