import { expect } from 'bun:test'
import { readChanges } from '../http/feed-answers.ts'
import type { ServiceProcess } from '../support/process.ts'
import type { createCommandLine } from './command-line.ts'

/** What a client remembers: resources with their entity tags, and its cursor. */
export interface Known {
  readonly tags: readonly (readonly [path: string, tag: string])[]
  readonly cursor: string
}

/** A client that has seen a state that a restored database does not have. */
export function createClientMemory({
  create,
  send,
}: Pick<ReturnType<typeof createCommandLine>, 'create' | 'send'>) {
  async function remember(service: ServiceProcess, id: string, listId: string): Promise<Known> {
    const paths = ['/tasks', `/tasks/${id}`, '/lists', `/lists/${listId}`]
    const tags = await Promise.all(
      paths.map(async (path) => {
        const tag = (await send(service, path)).headers.get('etag') ?? ''
        return [path, tag] as const
      }),
    )
    const { cursor } = await readChanges(await send(service, '/tasks/changes'))
    return { tags, cursor }
  }

  return {
    /** Writes what is lost later. Returns what a client remembers of before and of after. */
    async loseWrites(service: ServiceProcess, id: string, listId: string): Promise<Known[]> {
      const before = await remember(service, id, listId)
      await create(service, 'lost')
      await send(service, `/tasks/${id}`, { method: 'PATCH', body: { text: 'kept, changed' } })
      const body = { name: 'home, changed' }
      await send(service, `/lists/${listId}`, { method: 'PATCH', body })
      return [before, await remember(service, id, listId)]
    },

    /** The cursor gets 410, no tag gets 304, and no `If-Match` passes. */
    async expectForgotten(service: ServiceProcess, { tags, cursor }: Known): Promise<void> {
      expect((await send(service, `/tasks/changes?cursor=${cursor}`)).status).toBe(410)
      for (const [path, tag] of tags) {
        expect(tag).toMatch(/^".+"$/)
        const again = await send(service, path, { headers: { 'if-none-match': tag } })
        expect({ path, status: again.status }).toStrictEqual({ path, status: 200 })
        if (!/[0-9a-f]{12}/.test(path)) continue
        const body = path.startsWith('/lists') ? { name: 'stale' } : { text: 'stale' }
        const headers = { 'if-match': tag }
        const change = await send(service, path, { method: 'PATCH', headers, body })
        expect({ path, status: change.status }).toStrictEqual({ path, status: 412 })
      }
    },
  }
}
