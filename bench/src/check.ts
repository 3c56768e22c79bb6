// Nothing is measured that does not do the work: every contender takes a good token and refuses what it must.
import type { Contender } from "./contender.js";
import type { Scene } from "./tokens.js";

/** @throws {Error} that names the contender and the token */
export async function checkWork(contender: Contender, { good, bad }: Scene): Promise<void> {
  const [token = ""] = good;
  // Twice: the second answer is the cache's, where there is one.
  for (const time of ["first", "second"]) {
    const jti = await contender.verify(token);
    if (contender.readsClaims && jti !== jtiOf(token))
      throw new Error(`${contender.name}: a wrong jti, the ${time} time`);
  }
  const mustRefuse = contender.readsClaims ? Object.entries(bad) : [["signature", bad.signature] as const];
  for (const [what, text] of mustRefuse) {
    for (const time of ["first", "second"]) {
      if (!(await refuses(contender, text)))
        throw new Error(`${contender.name}: took a token (${what}) the ${time} time`);
    }
  }
}

async function refuses(contender: Contender, token: string): Promise<boolean> {
  try {
    await contender.verify(token);
    return false;
  } catch {
    return true;
  }
}

function jtiOf(token: string): unknown {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
    readonly jti?: unknown;
  };
  return claims.jti;
}
