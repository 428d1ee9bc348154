import { useId } from 'preact/hooks'
import type { OfflineList, OfflineTask } from '../../../client/offline/types.ts'
import { dayFromNow, RECURRENCES, recurrenceLabel, tagsOf } from '../format.ts'
import { DraftField } from '../parts/draft-field.tsx'
import { Icon } from '../parts/icon.tsx'
import { useDevice } from './context.ts'
import { Subtasks } from './subtasks.tsx'

const PRIORITIES = [
  ['none', 'None'],
  ['low', 'Low'],
  ['medium', 'Medium'],
  ['high', 'High'],
] as const

/** Everything about a task that does not fit into its row. */
export function Details(props: {
  readonly id: string
  readonly task: OfflineTask
  readonly subtasks: readonly OfflineTask[]
  readonly lists: readonly OfflineList[]
  readonly onRemove: () => void
}) {
  const { task, subtasks, lists, onRemove } = props
  const { device, actions } = useDevice()
  const id = useId()
  const [day = '', time = ''] = (task.due ?? '').split('T')
  const update = (members: Parameters<typeof actions.update>[1]) => actions.update(task.id, members)

  return (
    <section
      class="details"
      id={props.id}
      aria-label={`Details of ${task.text} on the ${device.name.toLowerCase()}`}
    >
      <label for={`${id}-description`}>Description</label>
      <DraftField
        isLong
        id={`${id}-description`}
        value={task.description ?? ''}
        onSave={(description) => update({ description: description || null })}
      />

      <label for={`${id}-day`}>Due</label>
      <span class="pair">
        <input
          id={`${id}-day`}
          type="date"
          value={day}
          min="1900-01-01"
          max="9999-12-31"
          onChange={({ currentTarget: { value, validity } }) => {
            // While a year is typed, it is that of another millennium.
            if (validity.valid) update(dueMembers(value, time))
          }}
        />
        <input
          type="time"
          value={time}
          aria-label="Time of day"
          disabled={day === ''}
          onChange={(event) => update(dueMembers(day, event.currentTarget.value))}
        />
      </span>

      <label for={`${id}-repeat`}>Repeat</label>
      <select
        id={`${id}-repeat`}
        value={task.recurrence?.rule ?? ''}
        onChange={(event) => update(recurrenceMembers(task, event.currentTarget.value))}
      >
        <option value="">Never</option>
        {RECURRENCES.map(([rule, label]) => (
          <option key={rule} value={rule}>
            {label}
          </option>
        ))}
        {task.recurrence && !RECURRENCES.some(([rule]) => rule === task.recurrence?.rule) && (
          <option value={task.recurrence.rule}>{recurrenceLabel(task.recurrence)}</option>
        )}
      </select>

      <span id={`${id}-priority`}>Priority</span>
      <span class="segments" role="radiogroup" aria-labelledby={`${id}-priority`}>
        {PRIORITIES.map(([priority, label]) => (
          <label key={priority} class={priority}>
            <input
              type="radio"
              name={`${id}-priority`}
              checked={task.priority === priority}
              onChange={() => update({ priority })}
            />
            <span>{label}</span>
          </label>
        ))}
      </span>

      <label for={`${id}-tags`}>Tags</label>
      <DraftField
        id={`${id}-tags`}
        value={task.tags.join(' ')}
        placeholder="Separate them by spaces"
        onSave={(tags) => update({ tags: tagsOf(tags) })}
      />

      {/* A subtask has no subtasks, and is in the list of its parent. */}
      {task.parent_id === null && (
        <>
          <label for={`${id}-list`}>List</label>
          <select
            id={`${id}-list`}
            value={task.list_id ?? ''}
            onChange={(event) => update({ list_id: event.currentTarget.value || null })}
          >
            <option value="">Inbox</option>
            {lists.map((list) => (
              <option key={list.key} value={list.id}>
                {list.name}
              </option>
            ))}
          </select>

          <span>Subtasks</span>
          <Subtasks task={task} subtasks={subtasks} />
        </>
      )}

      <button type="button" class="quiet danger" onClick={onRemove}>
        <Icon name="bin" />
        Move to the trash
      </button>
    </section>
  )
}

function dueMembers(day: string, time: string) {
  return { due: day === '' ? null : time === '' ? day : `${day}T${time}` }
}

/** A recurrence needs a date to start from. */
function recurrenceMembers({ due }: OfflineTask, rule: string) {
  if (rule === '') return { recurrence: null }
  const recurrence = { rule, from: 'due' } as const
  return due === null ? { recurrence, due: dayFromNow(new Date(), 0) } : { recurrence }
}
