// A server without a framework: core/http on node:http.
import { authorizeRequest, createProtection, nodeFacts, sendRefusal } from "@scitokens/core/http";
import { checkService, report } from "./check-answers.js";
import { check as checkCore } from "./check-core.js";
import { check as checkFetch } from "./check-fetch.js";
import { check as checkHttp } from "./check-http.js";
import { check as checkMcp } from "./check-mcp.js";
import { check as checkNode } from "./check-node.js";
import { mint } from "./mint.js";

async function checkAll(): Promise<void> {
  const minted = await mint();
  await checkCore(minted);
  await checkHttp(minted);
  await checkFetch(minted);
  await checkMcp(minted);
  await checkNode();
  await checkService((trust) => {
    const protection = createProtection({ ...trust, scope: "read:/data" });
    return async (request, response) => {
      const decision = await authorizeRequest(nodeFacts(request), protection);
      if (decision.allowed) response.end(JSON.stringify({ subject: decision.token?.subject }));
      else sendRefusal(response, decision.refusal);
    };
  });
}

report(checkAll());
