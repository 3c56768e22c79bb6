// A way to get tokens, as `get` and `with` offer it: its options, and what makes a source of them.
import type { TokenRequest, TokenSource } from "@scitokens/client";
import type { Option } from "../command.js";
import type { Io } from "../io.js";
import type { Example } from "../reference/examples.js";

/** What the options of all ways come to; each way reads its own. */
export interface SourceFlags {
  readonly audience?: readonly string[];
  readonly scope?: readonly string[];
  readonly resource?: readonly string[];
  readonly issuer?: string;
  readonly tokenEndpoint?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly audienceStyle?: "space-separated" | "repeated" | "resource";
  readonly refreshTokenFile?: string;
  readonly subjectTokenFile?: string;
  readonly account?: string;
  readonly socket?: string;
  readonly address?: string;
  readonly role?: string;
  readonly credkey?: string;
  readonly vaultTokenFile?: string;
  readonly kerberos?: boolean;
  /** The rest of $HTGETTOKENOPTS, which has no flags here; seconds. */
  readonly htgettoken?: {
    readonly configDir?: string | undefined;
    readonly vaultTokenInFile?: string | undefined;
    readonly minimumSeconds?: number | undefined;
    readonly lifetime?: number | undefined;
    readonly noOidc?: boolean | undefined;
  };
  readonly caFile?: string;
  readonly allowInsecureIssuer?: boolean;
}

export interface SourceKind {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** Made anew for each command that has them. */
  readonly options: readonly (() => Option)[];
  readonly examples: readonly Example[];
  /** What the environment says where options do not. @throws {Trouble} */
  readonly defaults?: (io: Io) => SourceFlags & { readonly out?: string };
  /** @throws {Trouble} for what is missing or cannot be read */
  readonly create: (io: Io, flags: SourceFlags) => Promise<TokenSource>;
}

/** A kind's defaults, and over them what was given. */
export function withDefaults<Flags extends SourceFlags>(io: Io, kind: SourceKind, flags: Flags): Flags {
  const defaults = Object.entries(kind.defaults?.(io) ?? {}).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(defaults), ...flags };
}

/** What is asked of a source, as the options say. */
export function requestOf({ audience, scope, resource }: SourceFlags): TokenRequest {
  return { audience, scope, resource };
}
