// The clock, in seconds since the epoch as tokens count them; passed in wherever it decides something.

export type Clock = () => number;

export const systemClock: Clock = () => Date.now() / 1000;
