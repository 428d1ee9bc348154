import type { OfflineTask } from '../../../client/offline/types.ts'
import { textProblem } from '../messages.ts'
import { EditableText } from '../parts/editable-text.tsx'
import { Icon } from '../parts/icon.tsx'
import { Composer } from './composer.tsx'
import { useDevice } from './context.ts'
import { Tick } from './tick.tsx'

export function Subtasks(props: {
  readonly task: OfflineTask
  readonly subtasks: readonly OfflineTask[]
}) {
  const { task, subtasks } = props
  const { actions } = useDevice()
  return (
    <div class="subtasks">
      {subtasks.length > 0 && (
        <ul aria-label={`Subtasks of ${task.text}`}>
          {subtasks.map((subtask) => (
            <li key={subtask.key} class={subtask.completed ? 'done' : ''}>
              <Tick task={subtask} />
              <EditableText
                text={subtask.text}
                label="rename"
                problemOf={textProblem}
                onSave={(text) => actions.update(subtask.id, { text })}
              />
              <button
                type="button"
                class="quiet only-icon"
                aria-label={`Delete ${subtask.text}`}
                onClick={() => actions.remove(subtask)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Composer
        isSmall
        label="Add a subtask"
        problemOf={textProblem}
        onAdd={(text) => actions.add({ text, parent_id: task.id, list_id: task.list_id })}
      />
    </div>
  )
}
