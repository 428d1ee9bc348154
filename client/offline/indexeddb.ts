import { StorageFullError } from './storage-full.ts'
import type { OfflineStorage } from './types.ts'

const STORE = 'entries'

/** Keeps a store's data in an IndexedDB database of this name, which all tabs of an origin share. */
export function createIndexedDbStorage(name: string): OfflineStorage {
  let opening: Promise<IDBDatabase> | null = null
  let isClosed = false

  function open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(STORE)
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        // The browser may close it, for example when the user clears the site's data.
        request.result.onclose = forget
        resolve(request.result)
      }
    })
  }

  function forget(): void {
    opening = null
  }

  /** Runs a transaction, and resolves once it is stored. */
  async function transact<Value>(
    mode: IDBTransactionMode,
    run: (entries: IDBObjectStore) => () => Value,
  ): Promise<Value> {
    // The page may have removed the database since.
    if (isClosed) throw new Error('The storage is closed')
    opening ??= open()
    opening.catch(forget)
    // Strict, because a batch that is sent must be stored even if the power fails.
    const transaction = (await opening).transaction(STORE, mode, { durability: 'strict' })
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
      opening?.then((database) => database.close()).catch(() => {})
      forget()
    },
  }
}
