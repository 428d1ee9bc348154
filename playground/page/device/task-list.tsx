import { useMemo, useRef } from 'preact/hooks'
import type { OfflineQuery, OfflineTask } from '../../../client/offline/types.ts'
import { plural } from '../format.ts'
import { Icon } from '../parts/icon.tsx'
import { useObservable } from '../parts/use-observable.ts'
import { useRowFocus } from '../parts/use-row-focus.ts'
import { chosenView, useDevice } from './context.ts'
import { startDrag } from './drag.ts'
import { TaskRow } from './task-row.tsx'
import { listOf, queryOf, type View } from './view.ts'

const isOpen = ({ completed }: OfflineTask) => !completed

/** The tasks of a list, or what a search has found. */
export function TaskList({ view, search }: { readonly view: View; readonly search: string }) {
  const { device, actions } = useDevice()
  const { store } = device
  const isSearch = search !== ''
  const lists = useObservable(useMemo(() => store.lists(), [store]))
  const query: OfflineQuery = isSearch
    ? { q: search, sort: 'order' }
    : queryOf(view, listOf(view, lists))
  // Equal queries have the same observable.
  const tasks = useObservable(store.tasks(query))
  const all = useObservable(useMemo(() => store.tasks({ sort: 'order' }), [store]))
  const moving = useRef<Promise<void>>(Promise.resolve())
  const open = tasks.filter(isOpen)
  const done = tasks.filter((task) => !isOpen(task))
  const nameOf = (id: string | null) => lists.find((list) => list.id === id)?.name ?? 'Inbox'
  const isMixed = isSearch || view.kind === 'all'

  const openList = useRef<HTMLUListElement>(null)
  const focus = useRowFocus<HTMLDivElement>(
    [...open, ...done].map(({ key, completed }) => `${key} ${completed}`),
    () => chosenView(device),
  )

  function reorderOf(task: OfflineTask, index: number) {
    if (isSearch) return null
    return {
      moveBy(steps: number): void {
        // One after the other: a key that is held down is faster than the storage.
        moving.current = moving.current.then(() => {
          const rows = store.tasks(query).get().filter(isOpen)
          const from = rows.findIndex(({ key }) => key === task.key)
          if (rows[from + steps]) focus.stay(task.key, '.handle')
          return actions.move(rows, from, from + steps)
        })
      },
      drag(event: PointerEvent): void {
        if (openList.current)
          startDrag(event, openList.current, index, (from, to) => actions.move(open, from, to))
      },
    }
  }

  const rowOf = (task: OfflineTask, index: number) => (
    <TaskRow
      key={task.key}
      task={task}
      subtasks={all.filter((one) => one.parent_id === task.id)}
      lists={lists}
      listName={isMixed && task.list_id !== null ? nameOf(task.list_id) : null}
      reorder={task.completed ? null : reorderOf(task, index)}
      onLeave={(selector) => focus.leave(task.key, selector)}
      onComplete={() =>
        task.completed ? focus.stay(task.key, '.check') : focus.leave(task.key, '.check')
      }
    />
  )

  if (tasks.length === 0)
    return (
      <p class="empty">
        <Icon name={isSearch ? 'search' : 'check'} />
        {isSearch ? `Nothing contains “${search}”` : 'Nothing to do here'}
      </p>
    )
  return (
    <div ref={focus.container}>
      {open.length > 0 && (
        <ul class="tasks" ref={openList} aria-label="Open tasks">
          {open.map(rowOf)}
        </ul>
      )}
      {done.length > 0 && (
        <details class="completed" open={isSearch}>
          <summary>{plural(done.length, 'completed task')}</summary>
          <ul class="tasks" aria-label="Completed tasks">
            {done.map(rowOf)}
          </ul>
        </details>
      )}
    </div>
  )
}
