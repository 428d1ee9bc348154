import { useRef } from 'preact/hooks'
import { Icon } from './parts/icon.tsx'

const SHORTCUTS = [
  ['Tab', 'Go from control to control'],
  ['n', 'Add a task on this device'],
  ['/', 'Search on this device'],
  ['z', 'Undo the last deletion'],
  ['Enter or F2', 'Rename the task'],
  ['Delete', 'Move the task to the trash'],
  ['Alt and an arrow key', 'Move the task up or down'],
  ['An arrow key on the handle', 'Move the task up or down'],
  ['Escape', 'Give up an edit or a drag'],
] as const

/** Explains the keyboard. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <>
      <button type="button" class="quiet" onClick={() => dialog.current?.showModal()}>
        <Icon name="keyboard" />
        Keyboard
      </button>
      <dialog ref={dialog} aria-labelledby="shortcuts">
        <h2 id="shortcuts">Keyboard</h2>
        <dl class="shortcuts">
          {SHORTCUTS.map(([keys, what]) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <button type="button" class="primary" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </dialog>
    </>
  )
}
