import { StorageFullError } from './storage-full.ts'
import type { Entry, OfflineStorage } from './types.ts'

const STORE = 'entries'

/** Keeps a store's data in an IndexedDB database of this name, which all tabs of an origin share. */
export function createIndexedDbStorage(name: string): OfflineStorage {
  let opening: Promise<IDBDatabase> | null = null

  function open(): Promise<IDBDatabase> {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    return new Promise((resolve, reject) => {
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        const database = request.result
        // The browser may close it, for example when the user clears the site's data.
        database.onclose = () => {
          opening = null
        }
        database.onversionchange = close
        resolve(database)
      }
    })
  }

  /** Runs a transaction, and resolves once it is stored. */
  async function transact<Value>(
    mode: IDBTransactionMode,
    run: (entries: IDBObjectStore) => () => Value,
  ): Promise<Value> {
    opening ??= open()
    const database = await opening.catch((error) => {
      opening = null
      throw error
    })
    // Strict, because a batch that is sent must be stored even if the power fails.
    const transaction = database.transaction(STORE, mode, { durability: 'strict' })
    const result = run(transaction.objectStore(STORE))
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(result())
      transaction.onabort = () => {
        const { error } = transaction
        reject(error?.name === 'QuotaExceededError' ? new StorageFullError(error) : error)
      }
    })
  }

  function close(): void {
    opening?.then(
      (database) => database.close(),
      () => {},
    )
    opening = null
  }

  return {
    read: (keys) =>
      transact('readonly', (entries) => {
        if (keys) {
          const requests = keys.map((key) => [key, entries.get(key)] as const)
          return () => {
            const found = requests.map(([key, { result }]): [string, Entry] => [key, result])
            return new Map(found.filter(([, entry]) => entry !== undefined))
          }
        }
        const [allKeys, values] = [entries.getAllKeys(), entries.getAll()]
        return () => new Map(allKeys.result.map((key, index) => [`${key}`, values.result[index]]))
      }),

    write: (changes, expected) =>
      transact('readwrite', (entries) => {
        let isWritten = false
        function put(): void {
          isWritten = true
          for (const [key, entry] of changes)
            if (entry === undefined) entries.delete(key)
            else entries.put(entry, key)
        }
        if (expected === undefined) put()
        else {
          const request = entries.get('sync')
          request.onsuccess = () => {
            if ((request.result?.revision ?? 0) === expected) put()
          }
        }
        return () => isWritten
      }),

    close,
  }
}
