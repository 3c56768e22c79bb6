// What createEnforcer says of options that are good but for these changes.
import { createEnforcer } from "@scitokens/core";
import { AUDIENCE, ISSUER, key, NOW } from "./static-issuer.js";
import { typeErrorOf, wrong } from "./wrong.js";

export const trusted = { issuer: ISSUER, jwks: { keys: [key.jwk] } };
export const goodOptions = { issuer: trusted, audience: AUDIENCE, clock: () => NOW };

export const errorOf = (changes: object): string =>
  typeErrorOf(() => createEnforcer(wrong({ ...goodOptions, ...changes })));
export const errorOfIssuer = (changes: object): string => errorOf({ issuer: { ...trusted, ...changes } });
export const errorOfKeys = (keys: unknown): string => errorOf({ issuer: ISSUER, keys });

/** The error of good options. */
export const NOTHING = "(nothing was thrown)";
