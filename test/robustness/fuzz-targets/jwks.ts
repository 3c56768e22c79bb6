// An issuer's key set, as bytes: the keys that the model finds, none of them private, or no set. I4, I10.
import { FetchError, JsonError, parseJsonObject, parseJwks } from "../fuzz/inside.js";
import { holdsPrivate, usableKeys } from "../fuzz/jwks-model.js";

const EC = '{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA","kid":"a","alg":"ES256","use":"sig","key_ops":["verify"]}';
const RSA = `{"kty":"RSA","n":"${"_".repeat(342)}w","e":"AQAB","kid":"b"}`;

export const seeds: readonly string[] = [
  `{"keys":[${EC},${RSA}]}`,
  `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA==","alg":"EdDSA"}]}`,
  '{"keys":{}}',
  '{"keys":[{"kty":"oct","k":"AA"},null,1]}',
];
export const words: readonly string[] = [
  EC,
  RSA,
  '"kty":',
  '"RSA"',
  '"EC"',
  '"OKP"',
  '"d":1,',
  '"use":"enc"',
  '"key_ops":[]',
  '"alg":"RS256"',
  '"P-384"',
  '"e":"Aw"',
  '"n":"AA"',
  "=",
  "null",
  "[]",
  "{}",
];

export function run(input: Uint8Array): void {
  let document;
  try {
    document = parseJsonObject(input, { duplicates: "last" });
  } catch (error) {
    if (error instanceof JsonError) return;
    throw error;
  }
  const expected = usableKeys(document);
  let set;
  try {
    set = parseJwks(document);
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    if (expected !== undefined) throw new Error("a set is refused", { cause: error });
    return;
  }
  const text = (
    keys: readonly { readonly kid?: unknown; readonly algorithms: readonly string[] }[] | undefined,
  ): string => JSON.stringify(keys?.map(({ kid, algorithms }) => [kid, algorithms.toSorted()]));
  if (text(set.keys) !== text(expected)) throw new Error("other keys than the model finds");
  if (set.keys.some(({ jwk }) => holdsPrivate(jwk))) throw new Error("a private member");
}
