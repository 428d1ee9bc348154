/** Calls Taskport for one user. Keeps the token in memory only. */
import { send } from './http.js'

/**
 * @param {string} url
 * @param {() => Promise<string>} fetchToken
 */
export function createTaskport(url, fetchToken) {
  // A promise, so that requests that start together share one token.
  /** @type {Promise<string> | null} */
  let token = null

  function currentToken() {
    token ??= fetchToken().catch((error) => {
      token = null
      throw error
    })
    return token
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  async function call(method, path, body) {
    const attempt = async () => {
      const headers = { Authorization: `Bearer ${await currentToken()}` }
      return send(`${url}${path}`, { method, headers, body })
    }
    const used = await currentToken()
    try {
      return await attempt()
    } catch (error) {
      if (error.status !== 401) throw error
      // The token has probably expired. Retry with a new one, which another request may have fetched.
      if ((await token) === used) token = null
      return await attempt()
    }
  }

  return {
    /** All tasks, newest first. */
    list: async () => (await call('GET', '/tasks')).tasks,
    /** @param {string} text */
    add: (text) => call('POST', '/tasks', { text }),
    /**
     * @param {string} id
     * @param {{ text?: string, completed?: boolean }} changes
     */
    change: (id, changes) => call('PATCH', `/tasks/${id}`, changes),
    /** @param {string} id */
    async remove(id) {
      try {
        await call('DELETE', `/tasks/${id}`)
      } catch (error) {
        // Already deleted, perhaps on another device.
        if (error.status !== 404) throw error
      }
      return true
    },
  }
}
