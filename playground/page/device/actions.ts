import { messageOf } from '../messages.ts'
import { createState } from '../observable.ts'
import type { Device } from './open-device.ts'
import { moveInRow } from './reorder.ts'

/** A message at the bottom of a device. */
export interface Notice {
  readonly text: string
  readonly undo?: () => void
}

interface Named {
  readonly id: string
  readonly text: string
}

export type Actions = ReturnType<typeof createActions>

/** What a user does on one device, with messages for people. */
export function createActions({ store }: Device) {
  const notice = createState<Notice | null>(null)
  /** What screen readers say. */
  const announcement = createState('')

  /** Runs a change. What the engine refuses at once is shown. */
  async function run(change: Promise<unknown>): Promise<void> {
    try {
      await change
    } catch (error) {
      notice.set({ text: messageOf(error) })
    }
  }

  return {
    notice,
    announcement,
    run,

    add: (members: Parameters<typeof store.createTask>[0]) => run(store.createTask(members)),

    update: (id: string, members: Parameters<typeof store.updateTask>[1]) =>
      run(store.updateTask(id, members)),

    async remove({ id, text }: Named): Promise<void> {
      await run(store.deleteTask(id))
      const undo = () => {
        notice.set(null)
        run(store.restoreTask(id))
      }
      notice.set({ text: `“${text}” is in the trash`, undo })
    },

    async restore({ id, text }: Named): Promise<void> {
      await run(store.restoreTask(id))
      notice.set({ text: `“${text}” is back` })
    },

    async erase({ id, text }: Named): Promise<void> {
      await run(store.deleteTask(id, { permanent: true }))
      notice.set({ text: `“${text}” is deleted for good` })
    },

    /** Moves a task within the rows that are shown, and announces its new position. */
    async move(rows: readonly Named[], from: number, to: number): Promise<void> {
      const ids = rows.map(({ id }) => id)
      const task = rows[from]
      const place = moveInRow(ids, from, to)
      if (!task) return
      if (place === null) {
        announcement.set(`${task.text} is already ${from === 0 ? 'first' : 'last'}`)
        return
      }
      await run(store.moveTask(task.id, place))
      announcement.set(`${task.text}, now ${to + 1} of ${rows.length}`)
    },
  }
}
