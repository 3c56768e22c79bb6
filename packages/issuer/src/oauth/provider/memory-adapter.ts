// Where the provider keeps codes, tokens, grants and clients: in memory, each for its time, and never too many.
import type { Adapter, AdapterPayload } from "oidc-provider";

interface Entry {
  readonly stored: AdapterPayload;
  /** Seconds since 1970. */
  readonly expires: number;
}

const MOST = 10_000; // of each model

/** Makes the storage; it outlives the provider, which is made anew when keys are rotated. `onGone` hears what is let go. */
export function createMemory(now: () => number, onGone: (id: string) => void = () => {}): (model: string) => Adapter {
  const models = new Map<string, Map<string, Entry>>();
  return (model) => {
    const entries = models.get(model) ?? new Map<string, Entry>();
    models.set(model, entries);
    return adapterOf(entries, now, onGone);
  };
}

function adapterOf(entries: Map<string, Entry>, now: () => number, onGone: (id: string) => void): Adapter {
  const remove = (id: string): void => {
    if (entries.delete(id)) onGone(id);
  };
  const find = (id: string): AdapterPayload | undefined => {
    const entry = entries.get(id);
    if (entry !== undefined && entry.expires > now()) return entry.stored;
    remove(id);
    return undefined;
  };
  const findBy = (member: "userCode" | "uid", value: string): AdapterPayload | undefined => {
    for (const [id, { stored }] of entries) if (stored[member] === value) return find(id);
    return undefined;
  };
  return {
    upsert: async (id, stored, expiresIn) => {
      entries.delete(id);
      entries.set(id, { stored, expires: expiresIn === undefined ? Number.POSITIVE_INFINITY : now() + expiresIn });
      if (entries.size > MOST) makeRoom(entries, now(), remove);
    },
    find: async (id) => find(id),
    findByUserCode: async (userCode) => findBy("userCode", userCode),
    findByUid: async (uid) => findBy("uid", uid),
    consume: async (id) => {
      const stored = find(id);
      if (stored !== undefined) stored.consumed = Math.floor(now());
    },
    destroy: async (id) => remove(id),
    revokeByGrantId: async (grantId) => {
      for (const [id, { stored }] of entries) if (stored.grantId === grantId) remove(id);
    },
  };
}

/** What has expired goes; if that is nothing, the oldest. */
function makeRoom(entries: Map<string, Entry>, now: number, remove: (id: string) => void): void {
  for (const [id, { expires }] of entries) if (expires <= now) remove(id);
  for (const id of entries.keys()) {
    if (entries.size <= MOST) return;
    remove(id);
  }
}
