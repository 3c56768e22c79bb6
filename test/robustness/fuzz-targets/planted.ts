// A target with a fault of its own, behind conditions that no chance meets: what shows that the loop finds its way.
export const seeds: readonly string[] = ["hello", "{}"];
export const words: readonly string[] = ["open", "sesame"];
export const covers: readonly string[] = ["/planted."];

/** Six steps, each of which only coverage tells from the one before. */
export function run(input: Uint8Array): void {
  const text = Buffer.from(input).toString("latin1");
  if (text.length < 8) return;
  if (text.charCodeAt(0) !== 0x53) return;
  if (text.charCodeAt(1) !== 0x63) return;
  if (text.charCodeAt(2) !== 0x69) return;
  if (!text.includes("sesame")) return;
  if ((text.charCodeAt(3) ^ text.charCodeAt(4)) !== 0x2a) return;
  if (text.charCodeAt(text.length - 1) === 0xff) throw new Error("the planted fault");
}
