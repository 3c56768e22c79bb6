// People whom the issuer knows from its start, and what each may have. OpenID Core 2, WLCG 1.3 2.2.2.
import { checkNames, nonEmptyString, OptionError } from "../options.js";
import type { OAuthProfile, UserRights } from "./grants/grant.js";
import { checkProfile, checkScope, checkSets, checkTexts } from "./option-lists.js";
import type { IssuerRules } from "./option-lists.js";
import { isGroupName } from "./scopes/scope-value.js";

/** A person whom the issuer knows. There are no passwords: whoever is asked says who they are. */
export interface OAuthUser {
  /** The claim `sub`. */
  readonly sub: string;
  /** For the page, and for userinfo. Default: `sub`. */
  readonly name?: string | undefined;
  /** WLCG groups, such as '/cms/uscms'. Default: none. */
  readonly groups?: readonly string[] | undefined;
  /** What the user may have at most. Default: whatever the client may have. */
  readonly scope?: string | readonly string[] | undefined;
  /** Whose words the scope is in; a token of the other profile says no more than they do. Default: the issuer's. */
  readonly profile?: OAuthProfile | undefined;
}

/** A user, completed. */
export interface UserSettings extends UserRights {
  readonly name: string;
}

/** Checks and completes the users. */
export function checkUsers(users: unknown, defaults: IssuerRules): readonly [UserSettings, ...UserSettings[]] {
  const [first, ...others] = Array.isArray(users) ? users.map((user: unknown) => checkUser(user, defaults)) : [];
  if (first === undefined) throw new OptionError("users must be a list of at least one user");
  const names = [first, ...others].map(({ sub }) => sub);
  if (new Set(names).size < names.length) throw new OptionError("users must have different subs");
  return [first, ...others];
}

function checkUser(user: unknown, { profile: usual, sets }: IssuerRules): UserSettings {
  checkNames(user, ["sub", "name", "groups", "scope", "profile"], "option");
  const { sub, name = sub, groups = [], scope, profile = usual } = user as OAuthUser;
  const known = checkTexts(groups, "groups");
  const odd = known.find((group) => !isGroupName(group));
  if (odd !== undefined) throw new OptionError(`groups must be names such as '/cms/uscms', unlike '${odd}'`);
  if (!/^[\x20-\x7E]{1,255}$/.test(nonEmptyString(sub, "sub")))
    throw new OptionError("sub must be printable ASCII, at most 255 characters"); // OpenID Core 2
  return {
    sub,
    name: nonEmptyString(name, "name"),
    groups: known,
    scope: scope === undefined ? undefined : checkSets(checkScope(scope, "scope"), "scope", sets),
    profile: checkProfile(profile),
  };
}
