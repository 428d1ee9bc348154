/**
 * Creates the list item of a task, with controls to complete, rename and delete it.
 *
 * @param {{ id: string, text: string, completed: boolean }} task
 * @param {object} actions
 * @param {(changes: { text?: string, completed?: boolean }) => Promise<object | null>} actions.change
 *   resolves to the changed task, or to `null` after a failure that was shown to the user
 * @param {() => Promise<boolean | null>} actions.remove
 * @param {() => void} actions.count
 * @param {(words: string) => void} actions.say
 */
export function createItem(task, { change, remove, count, say }) {
  const item = document.querySelector('#item').content.firstElementChild.cloneNode(true)
  const part = (name) => item.querySelector(`[data-part="${name}"]`)
  const view = part('view')
  const edit = part('edit')
  const checkbox = item.querySelector('input')
  const draft = item.querySelector('textarea')
  // The task on the server.
  let { text, completed } = task

  function show() {
    part('text').textContent = text
    checkbox.ariaLabel = text
    part('rename').ariaLabel = `Rename ${text}`
    part('remove').ariaLabel = `Delete ${text}`
  }

  let isTicking = false
  checkbox.addEventListener('change', async () => {
    count()
    if (isTicking) return
    isTicking = true
    // The box changes immediately. If it is toggled again before the response, the last state wins.
    while (checkbox.checked !== completed) {
      const changed = await change({ completed: checkbox.checked })
      if (changed) completed = changed.completed
      else checkbox.checked = completed
    }
    isTicking = false
    count()
  })

  let unchanged = ''
  function open() {
    view.hidden = true
    edit.hidden = false
    draft.value = text
    // A text area normalizes line endings.
    unchanged = draft.value
    draft.focus()
    draft.select()
  }

  function close() {
    edit.hidden = true
    view.hidden = false
    part('rename').focus()
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
    const changed = await change({ text: draft.value })
    edit.ariaBusy = 'false'
    if (changed === null) return
    text = changed.text
    show()
    close()
    say(`Renamed to ${text}`)
  })

  part('remove').addEventListener('click', async () => {
    if (item.ariaBusy === 'true') return
    item.ariaBusy = 'true'
    const removed = await remove()
    item.ariaBusy = 'false'
    if (removed === null) return
    const neighbour = item.nextElementSibling ?? item.previousElementSibling
    item.remove()
    count()
    // Keeps the keyboard focus in the list.
    const next = neighbour?.querySelector('[data-part="remove"]')
    ;(next ?? document.querySelector('#add input')).focus()
    say(`Deleted ${text}`)
  })

  checkbox.checked = completed
  show()
  return item
}
