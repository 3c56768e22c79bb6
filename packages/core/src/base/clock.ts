// The clock, in seconds as JWTs count them (RFC 7519 2, NumericDate). Always passed in, read once a decision (C4).

export type Clock = () => number;

export const systemClock: Clock = () => Date.now() / 1000;
