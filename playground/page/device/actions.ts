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

  /** Runs a change, and then shows a message. What the engine refuses at once is shown instead. */
  async function run(change: Promise<unknown>, success: Notice | null = null): Promise<void> {
    try {
      await change
      if (success) notice.set(success)
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

    remove({ id, text }: Named): Promise<void> {
      const undo = () => {
        notice.set(null)
        run(store.restoreTask(id))
      }
      return run(store.deleteTask(id), { text: `“${text}” is in the trash`, undo })
    },

    restore: ({ id, text }: Named) => run(store.restoreTask(id), { text: `“${text}” is back` }),

    erase: ({ id, text }: Named) =>
      run(store.deleteTask(id, { permanent: true }), { text: `“${text}” is deleted for good` }),

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
