// The frame files this service knows: by observatory and file name. A real service asks its catalogue.

export const frames: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ["H1", new Map([["H-H1_HOFT-1187008882-4096.gwf", "strain of Hanford"]])],
  ["L1", new Map([["L-L1_HOFT-1187008882-4096.gwf", "strain of Livingston"]])],
]);
