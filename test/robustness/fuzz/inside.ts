// What the properties ask that is not public: one door, so that a room may be moved without them.
export { readBearer } from "../../../packages/core/src/http/bearer.js";
export { JsonError, parseJsonObject } from "../../../packages/core/src/base/json.js";
export { isBelow, parseDecodedPath, parseEncodedPath, PathError } from "../../../packages/core/src/scopes/path.js";
export { parseJwks } from "../../../packages/core/src/issuers/jwks.js";
export { FetchError } from "../../../packages/core/src/issuers/fetch-json.js";
