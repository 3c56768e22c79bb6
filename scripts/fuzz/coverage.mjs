// Which blocks of code ran, as V8 counts them: node:inspector's precise coverage, which needs no instrumentation.
import { Session } from "node:inspector";

/**
 * @param isCounted says by a script's URL whether it is looked at
 * @returns take(): what ran since the last call. `features`: each function with the pattern of its blocks that ran and did
 *   not; a new block is always a new feature. `blocks`: the blocks that ran, for the report.
 */
export function startCoverage(isCounted) {
  const session = new Session();
  session.connect();
  post("Profiler.enable");
  post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

  return function take() {
    const [features, blocks] = [[], []];
    for (const { url, functions } of post("Profiler.takePreciseCoverage").result) {
      if (!isCounted(url)) continue;
      for (const { ranges } of functions) {
        if (ranges[0].count === 0) continue;
        const ran = ranges.map(
          ({ startOffset, endOffset, count }) => `${startOffset}-${endOffset}${count > 0 ? "+" : "-"}`,
        );
        features.push(`${url} ${ran.join(" ")}`);
        blocks.push(...ran.filter((block) => block.endsWith("+")).map((block) => `${url} ${block}`));
      }
    }
    return { features, blocks };
  };

  /** On its own thread a session answers at once. */
  function post(method, params) {
    let answer;
    session.post(method, params, (error, result) => {
      if (error) throw new Error(`${method}: ${error.message}`);
      answer = result;
    });
    return answer;
  }
}
