// The table of methods in docs/storage.md as data, and what is right: every method that it names, with every right.
import { authorizeRequest, createProtection, fromRequest, operationOf } from "@scitokens/core/http";
import type { FromRequestOptions } from "@scitokens/core/http";
import { AUDIENCE, ISSUER, key, NOW, tokenOf } from "../support/static-issuer.js";
import { blocksOf, quotedIn } from "./page.js";

const RIGHTS = ["read", "write", "storage.read", "storage.create", "storage.modify", "storage.stage", "storage.poll"];
const PLACES = ["something", "nothing"] as const;

type Place = (typeof PLACES)[number];

export interface MethodRow {
  /** As `PROPFIND`, or `PROPFIND Depth: 0`. */
  readonly methods: readonly string[];
  readonly name: string;
  /** The rights that suffice where something is, and where nothing is. */
  readonly needs: Readonly<Record<Place, readonly string[]>>;
}

/** Those of the rows that name rights: MOVE and COPY are told in words. */
export function methodTable(page: string): readonly MethodRow[] {
  const table = blocksOf(page).find((block) => block.kind === "table" && block.head.includes("is a"));
  if (table?.kind !== "table") throw new Error("expected a table of methods");
  const rows = table.rows.map(([methods = "", name = "", needs = ""]) => {
    const [always = "", whereNothingIs = ""] = needs.split("; where nothing is");
    const something = quotedIn(always).filter((right) => RIGHTS.includes(right));
    return {
      methods: methods.split(", ").map((one) => quotedIn(one).join(" ")),
      name: quotedIn(name)[0] ?? "",
      needs: { something: something.toSorted(), nothing: [...something, ...quotedIn(whereNothingIs)].toSorted() },
    };
  });
  return rows.filter(({ needs }) => needs.something.length > 0);
}

/** As it would be if the code had written it, a row for each method. */
export async function judgedRows({ methods }: MethodRow): Promise<readonly MethodRow[]> {
  return Promise.all(
    methods.map(async (method) => {
      const something = await sufficient(method, "something");
      const nothing = await sufficient(method, "nothing");
      return {
        methods: [method],
        name: something.name,
        needs: { something: something.rights, nothing: nothing.rights },
      };
    }),
  );
}

async function sufficient(method: string, place: Place) {
  const judged = await Promise.all(
    RIGHTS.map(
      async (right) => [right, await judge(method, `${right}:/a`, { exists: () => place === "something" })] as const,
    ),
  );
  const granted = judged.filter(([, name]) => name !== undefined);
  return { rights: granted.map(([right]) => right).toSorted(), name: granted[0]?.[1] ?? "" };
}

/** The operation of a request that is let through. */
export async function judge(
  described: string,
  scope: string,
  options: FromRequestOptions<unknown>,
): Promise<string | undefined> {
  const [method = "", , depth] = described.split(" ");
  const request = {};
  const protection = createProtection({
    issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
    audience: AUDIENCE,
    clock: () => NOW,
    scope: fromRequest(options),
  });
  const token = tokenOf(scope.startsWith("storage.") ? "wlcg" : "scitokens-2", { scope });
  await authorizeRequest(
    {
      method,
      target: "/a",
      authorization: [`Bearer ${token}`],
      header: (name) => (name === "depth" && depth !== undefined ? [depth] : []),
      request,
    },
    protection,
  );
  return operationOf(request)?.name;
}
