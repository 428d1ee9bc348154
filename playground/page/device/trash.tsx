import { useMemo } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { useObservable } from '../parts/use-observable.ts'
import { useRowFocus } from '../parts/use-row-focus.ts'
import { chosenView, useDevice } from './context.ts'

/** The deleted tasks. */
export function Trash() {
  const { device, actions } = useDevice()
  const tasks = useObservable(useMemo(() => device.store.trash(), [device]))
  const shown = tasks.filter(({ parent_id }) => !tasks.some(({ id }) => id === parent_id))
  const focus = useRowFocus<HTMLUListElement>(
    shown.map(({ key }) => key),
    () => chosenView(device),
  )
  if (shown.length === 0)
    return (
      <p class="empty">
        <Icon name="bin" />
        The trash is empty
      </p>
    )
  return (
    <ul class="tasks trash" ref={focus.container} aria-label="Deleted tasks">
      {shown.map((task) => (
        <li key={task.key} data-key={task.key} class="task">
          <div class="line">
            <span class="words">{task.text}</span>
            <button
              type="button"
              class="quiet"
              aria-label={`Restore ${task.text}`}
              onClick={() => {
                focus.leave(task.key, 'button')
                actions.restore(task)
              }}
            >
              Restore
            </button>
            <button
              type="button"
              class="quiet danger"
              aria-label={`Delete ${task.text} for good`}
              onClick={() => {
                focus.leave(task.key, 'button.danger')
                actions.erase(task)
              }}
            >
              Delete for good
            </button>
          </div>
        </li>
      ))}
    </ul>
  )
}
