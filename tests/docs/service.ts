import { compose } from '../../app/compose.ts'
import { bearer, testConfig } from '../support/config.ts'

/** The service in this process, on the memory store, as one user calls it. */
export async function openService(variables: Record<string, string> = {}) {
  const app = await compose(testConfig(variables), () => {})
  const authorization = await bearer('ann')
  return {
    send: async (path: string, init: RequestInit = {}): Promise<Response> =>
      app.http.handle(
        new Request(`http://localhost${path}`, {
          ...init,
          headers: { ...authorization, ...init.headers },
        }),
      ),
    close: app.close,
  }
}

/** Creates a task. */
export function createTask(
  service: Awaited<ReturnType<typeof openService>>,
  text: string,
): Promise<Response> {
  return service.send('/tasks', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
}
