// The paths that fromRequest() has judged: decoded and canonical. What is not is refused here once more.
import { Failure } from "./failure.js";

export function namesOf(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "");
  const isCanonical = path.startsWith("/") && !path.includes("\0") && !names.some((name) => /^\.\.?$/.test(name));
  if (!isCanonical) throw new Failure(400);
  return names;
}

/** Whether a path is that of the directory, or below it. */
export function isWithin(path: string, directory: string): boolean {
  const names = namesOf(path);
  return namesOf(directory).every((name, i) => name === names[i]);
}
