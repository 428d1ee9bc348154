import type { Entry, OfflineStorage } from './types.ts'

/** Keeps a store's data in memory, for Node, Bun and tests. Stores that share it behave like tabs. */
export function createMemoryStorage(): OfflineStorage {
  const all = new Map<string, Entry>()

  return {
    async read(keys = [...all.keys()]) {
      const found = keys.filter((key) => all.has(key))
      return new Map(found.map((key) => [key, structuredClone(all.get(key))]))
    },

    async write(entries, expected) {
      // `sync` always has a revision.
      const { revision = 0 } = Object(all.get('sync'))
      if (expected !== undefined && revision !== expected) return false
      for (const [key, entry] of structuredClone(entries))
        if (entry === undefined) all.delete(key)
        else all.set(key, entry)
      return true
    },

    close() {},
  }
}
