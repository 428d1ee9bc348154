import type { OfflineTask } from '../../../client/offline/types.ts'
import { isOverdue } from '../../../client/taskport.ts'
import { dueLabel, recurrenceLabel } from '../format.ts'
import { Icon } from '../parts/icon.tsx'

/** What there is to know about a task at a glance. */
export function Badges(props: {
  readonly task: OfflineTask
  readonly subtasks: readonly OfflineTask[]
  readonly listName: string | null
}) {
  const { task, subtasks, listName } = props
  const { due, recurrence, priority, tags, description, isWaiting } = task
  const done = subtasks.filter(({ completed }) => completed).length
  return (
    <span class="badges">
      {due && (
        <span class={isOverdue(task) ? 'badge late' : 'badge'}>
          <Icon name="clock" />
          {dueLabel(due, new Date())}
        </span>
      )}
      {recurrence && (
        <span class="badge">
          <Icon name="repeat" />
          {recurrenceLabel(recurrence)}
        </span>
      )}
      {priority !== 'none' && (
        <span class={`badge ${priority}`}>
          <Icon name="flag" />
          {priority[0]?.toUpperCase()}
          {priority.slice(1)}
        </span>
      )}
      {subtasks.length > 0 && (
        <span class="badge">
          <Icon name="list" />
          <span class="sr-only">Subtasks done: </span>
          {done}/{subtasks.length}
        </span>
      )}
      {description && (
        <span class="badge">
          <Icon name="note" />
          <span class="sr-only">Has a description</span>
        </span>
      )}
      {tags.map((tag) => (
        <span key={tag} class="badge tag">
          #{tag}
        </span>
      ))}
      {listName && (
        <span class="badge">
          <Icon name="folder" />
          {listName}
        </span>
      )}
      {isWaiting && <span class="badge waiting">Waits to be sent</span>}
    </span>
  )
}
