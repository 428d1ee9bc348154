import type { OfflineTask } from '../../../client/offline/types.ts'
import { useDevice } from './context.ts'

/** Completes a task, or opens it again. The label is as large as a finger. */
export function Tick(props: { readonly task: OfflineTask; readonly onChange?: () => void }) {
  const { id, text, completed, priority } = props.task
  const { actions } = useDevice()
  return (
    <label class="tick">
      <input
        type="checkbox"
        class={`check ${priority}`}
        checked={completed}
        aria-label={`Complete ${text}`}
        onChange={(event) => {
          props.onChange?.()
          actions.update(id, { completed: event.currentTarget.checked })
        }}
      />
    </label>
  )
}
