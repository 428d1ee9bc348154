import { mergeMembers } from './taskport.js'

/**
 * Creates a list item for a task, with controls to complete, rename and delete it.
 *
 * @param {object} actions
 * @param {(changes: { text?: string, completed?: boolean }) => Promise<object | null>} actions.change
 *   resolves to the changed task, or to `null` after a failure that was shown to the user. So do the others
 * @param {() => Promise<object | null>} actions.restore
 * @param {() => Promise<true | null>} actions.remove
 * @param {(task: object) => void} actions.removed called after the task was deleted here
 * @param {() => void} actions.closed called after the text is no longer edited
 */
export function createItem({ change, restore, remove, removed, closed }) {
  const item = document.querySelector('#item').content.firstElementChild.cloneNode(true)
  const part = (name) => item.querySelector(`[data-part="${name}"]`)
  const view = part('view')
  const edit = part('edit')
  const checkbox = item.querySelector('input')
  const draft = item.querySelector('textarea')
  let task = null

  /** Shows the task as it is now. */
  function show(current) {
    task = current
    const { text, completed } = task
    checkbox.checked = completed
    checkbox.ariaLabel = text
    part('text').textContent = text
    part('rename').ariaLabel = `Rename ${text}`
    part('remove').ariaLabel = `Delete ${text}`
  }

  checkbox.addEventListener('change', async () => {
    const changed = await change({ completed: checkbox.checked })
    if (changed === null) show(task)
  })

  /** The text that the user edits, and the same as a text area writes it, with other line endings. */
  let original = ''
  let unchanged = ''
  function open() {
    view.hidden = true
    edit.hidden = false
    original = task.text
    draft.value = original
    unchanged = draft.value
    draft.focus()
    draft.select()
  }

  function close() {
    edit.hidden = true
    view.hidden = false
    part('rename').focus()
    closed()
  }

  part('rename').addEventListener('click', open)
  part('text').addEventListener('dblclick', open)
  part('cancel').addEventListener('click', close)
  draft.addEventListener('keydown', (event) => {
    // During composition, these keys belong to the input method.
    if (event.isComposing) return
    if (event.key === 'Escape') close()
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    edit.requestSubmit()
  })
  edit.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (draft.value === unchanged) return close()
    if (edit.ariaBusy === 'true') return
    edit.ariaBusy = 'true'
    // Another device may have deleted the task meanwhile. Otherwise this changes nothing.
    const changed = (await restore()) && (await change({ text: merged() }))
    edit.ariaBusy = 'false'
    if (changed) close()
  })

  /** The new text. If another device has changed it meanwhile, both changes are in it. */
  function merged() {
    const mine = { text: draft.value }
    if (task.text === original) return mine.text
    const base = { text: original }
    const conflict = { op: 'patch', id: task.id, base, mine, theirs: task, both: ['text'] }
    return mergeMembers(conflict).text ?? `${task.text} / ${mine.text}`
  }

  part('remove').addEventListener('click', async () => {
    if (item.ariaBusy === 'true') return
    item.ariaBusy = 'true'
    const neighbour = item.nextElementSibling ?? item.previousElementSibling
    const isRemoved = await remove()
    item.ariaBusy = 'false'
    if (!isRemoved) return
    // Keeps the keyboard focus in the list.
    const next = neighbour?.querySelector('[data-part="remove"]')
    ;(next ?? document.querySelector('#add input')).focus()
    removed(task)
  })

  return {
    element: item,
    show,
    isOpen: () => !edit.hidden,
    focus: () => part('rename').focus(),
  }
}
