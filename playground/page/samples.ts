import type { OfflineStore } from '../../client/offline/store.ts'
import { dayFromNow } from './format.ts'

/** Fills in tasks that show what tasks can say. New tasks are placed first, so the last one is on top. */
export async function addSamples(store: OfflineStore): Promise<void> {
  const now = new Date()
  const { id: groceries } = await store.createList({ name: 'Groceries' })
  const { id: trip } = await store.createList({ name: 'Trip to Lisbon' })
  for (const text of ['Coffee', 'Olive oil', 'Tomatoes', 'Bread'])
    await store.createTask({ text, list_id: groceries })
  const { id: pack } = await store.createTask({
    text: 'Pack',
    list_id: trip,
    due: dayFromNow(now, 9),
    description: 'Only hand luggage this time.',
  })
  for (const text of ['Charger', 'Sunglasses', 'Passport'])
    await store.createTask({ text, list_id: trip, parent_id: pack })
  await store.createTask({
    text: 'Book the night train',
    list_id: trip,
    due: dayFromNow(now, 2),
    priority: 'high',
    tags: ['travel'],
  })
  await store.createTask({
    text: 'Water the plants',
    due: dayFromNow(now, 1),
    recurrence: { rule: 'FREQ=WEEKLY', from: 'due' },
    tags: ['home'],
  })
  await store.createTask({ text: 'Read the chapter about offline sync', priority: 'low' })
  await store.createTask({
    text: 'Call Grandma',
    due: `${dayFromNow(now, 0)}T18:30`,
    priority: 'medium',
    description: 'Ask for the recipe of the plum cake.',
    tags: ['family'],
  })
}
