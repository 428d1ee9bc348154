import { StorageFullError } from './storage-full.ts'
import type { OfflineStorage } from './types.ts'

const STORE = 'entries'

/** Keeps a store's data in an IndexedDB database of this name, which all tabs of an origin share. */
export function createIndexedDbStorage(name: string): OfflineStorage {
  let isClosed = false

  /** Runs a transaction, and resolves once it is stored. */
  async function transact<Value>(
    mode: IDBTransactionMode,
    run: (entries: IDBObjectStore) => () => Value,
  ): Promise<Value> {
    if (isClosed) throw new Error('The storage is closed')
    // Opened each time, because the browser may close it, and the page may remove it.
    const database = await open(name)
    // Strict, because a batch that is sent must be stored even if the power fails.
    const transaction = database.transaction(STORE, mode, { durability: 'strict' })
    // Takes effect after the transaction.
    database.close()
    return new Promise((resolve, reject) => {
      const result = run(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(result())
      transaction.onabort = () => {
        const { error } = transaction
        reject(error?.name === 'QuotaExceededError' ? new StorageFullError(error) : error)
      }
    })
  }

  return {
    read: (keys) =>
      transact('readonly', (entries) => {
        const found = keys ? keys.map((key) => entries.getAll(key)) : [entries.getAll()]
        return () => new Map(found.flatMap(({ result }) => result))
      }),

    write: (changes, expected) =>
      transact('readwrite', (entries) => {
        const position = entries.get('sync')
        let isWritten = false
        position.onsuccess = () => {
          isWritten = [undefined, position.result?.[1].revision ?? 0].includes(expected)
          if (!isWritten) return
          for (const [key, entry] of changes)
            if (entry === undefined) entries.delete(key)
            else entries.put([key, entry], key)
        }
        return () => isWritten
      }),

    close(): void {
      isClosed = true
    },
  }
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onerror = () => reject(request.error)
    request.onsuccess = () => resolve(request.result)
  })
}
