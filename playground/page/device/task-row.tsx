import type { TargetedKeyboardEvent } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { OfflineList, OfflineTask } from '../../../client/offline/types.ts'
import { textProblem } from '../messages.ts'
import { EditableText } from '../parts/editable-text.tsx'
import { Icon } from '../parts/icon.tsx'
import { Badges } from './badges.tsx'
import { useDevice } from './context.ts'
import { Details } from './details.tsx'
import { Tick } from './tick.tsx'

export function TaskRow(props: {
  readonly task: OfflineTask
  readonly subtasks: readonly OfflineTask[]
  readonly lists: readonly OfflineList[]
  readonly listName: string | null
  /** `null` if the order cannot be changed here. */
  readonly reorder: {
    readonly moveBy: (steps: number) => void
    readonly drag: (event: PointerEvent) => void
  } | null
  /** Called before the row disappears, with what should get the focus in another row. */
  readonly onLeave: (selector: string) => void
  /** Called before the task is completed or opened again. */
  readonly onComplete: () => void
}) {
  const { task, subtasks, lists, listName, reorder, onLeave, onComplete } = props
  const { actions } = useDevice()
  const [isOpen, setOpen] = useState(false)
  const detailsId = useId()
  const { text, completed } = task

  function remove(): void {
    onLeave('[data-rename]')
    actions.remove(task)
  }

  /** The shortcuts of a row. In its details, they would concern something else. */
  function onKeyDown(event: TargetedKeyboardEvent<HTMLLIElement>): void {
    const { key, altKey, target, currentTarget } = event
    const steps = key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : 0
    if (!(target instanceof Element && target.closest('.line'))) return
    if (steps !== 0 && reorder && (altKey || target.matches('.handle'))) {
      event.preventDefault()
      reorder.moveBy(steps)
    } else if (key === 'F2') currentTarget.querySelector<HTMLElement>('[data-rename]')?.click()
    else if (key === 'Delete') remove()
  }

  return (
    <li class={completed ? 'task done' : 'task'} data-key={task.key} onKeyDown={onKeyDown}>
      <div class="line">
        {reorder ? (
          <button
            type="button"
            class="handle"
            aria-label={`Move ${text}: arrow keys`}
            onPointerDown={reorder.drag}
          >
            <Icon name="grip" />
          </button>
        ) : (
          <span class="handle" />
        )}
        <Tick task={task} onChange={onComplete} />
        <div class="words">
          <EditableText
            text={text}
            label="rename"
            problemOf={textProblem}
            onSave={(next) => actions.update(task.id, { text: next })}
          />
          <Badges task={task} subtasks={subtasks} listName={listName} />
        </div>
        <button
          type="button"
          class="quiet only-icon expand"
          aria-label={`Details of ${text}`}
          aria-expanded={isOpen}
          aria-controls={isOpen ? detailsId : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="chevron" />
        </button>
      </div>
      {isOpen && (
        <Details id={detailsId} task={task} subtasks={subtasks} lists={lists} onRemove={remove} />
      )}
    </li>
  )
}
