import type { EventReader, ServerEvent } from '../support/event-stream.ts'
import { asChange, nameOf } from './feed-answers.ts'
import { type FeedService, owner } from './feed-service.ts'

export const ann = owner('ann')

export async function create(service: FeedService, text: string): Promise<string> {
  return (await service.tasks.create(ann, { body: { text }, retry: null })).value.id
}

export async function remove(service: FeedService, id: string): Promise<void> {
  await service.tasks.remove(ann, { id, versions: null })
}

const isSynced = (event: ServerEvent) => event.name === 'synced'

/** Reads events up to `synced`. */
export async function upToNow(reader: EventReader) {
  const events = await reader.until(isSynced)
  const last = events.pop()
  return { names: namesOf(events), ids: events.map(({ id }) => id), synced: last?.data, last }
}

export function namesOf(events: readonly ServerEvent[]): string[] {
  return events.map(({ name, data }) => {
    const change = asChange(data)
    if (change.type !== name) throw new Error(`${name} does not match ${JSON.stringify(data)}`)
    return nameOf(change)
  })
}
