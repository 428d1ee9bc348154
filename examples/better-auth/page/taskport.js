/** The tasks of one user: a copy on this device, which works without a connection. */
import { createIndexedDbStorage } from '../../../client/offline/indexeddb.ts'
import { createOfflineStore, mergeMembers } from '../../../client/offline/store.ts'
import { createTaskportClient } from '../../../client/taskport.ts'

export { mergeMembers }

// Contains the user, so that two users of one browser have two copies.
const nameOf = (userId) => `tasks of ${userId}`

/**
 * @param {object} options
 * @param {string} options.url
 * @param {string} options.userId
 * @param {() => Promise<string>} options.token
 * @param {(rejection: object) => void} options.onRejected called when Taskport has rejected a change permanently
 */
export function openStore({ url, userId, token, onRejected }) {
  const name = nameOf(userId)
  return createOfflineStore({
    // The store itself tries again.
    client: createTaskportClient({ url, token, retries: 0 }),
    storage: createIndexedDbStorage(name),
    name,
    onRejected,
  })
}

/**
 * Removes the copy and the waiting changes from this device. Waits for other tabs that have not closed them yet only
 * as long as the browser does.
 *
 * @param {string} userId
 */
export function removeStored(userId) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(nameOf(userId))
    request.onsuccess = resolve
    request.onblocked = resolve
    request.onerror = () => reject(request.error)
  })
}
