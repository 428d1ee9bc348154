/** Shows the tasks of a store, and whether its changes have been sent. */
import { createItem } from './item.js'
import { attempt, onSubmit, say, write } from './messages.js'
import { openUndo } from './undo.js'

const section = document.querySelector('#tasks')
const form = document.querySelector('#add')
const list = document.querySelector('#list')
const empty = document.querySelector('#empty')

/**
 * @param {object} store
 * @param {AbortSignal} signal ends this, and removes everything from the page
 */
export function openList(store, signal) {
  const tasks = store.tasks({ sort: 'order' })
  const status = store.status()
  /** By the tasks' keys. */
  const rows = new Map()
  // A copy that is still empty does not mean that there are no tasks.
  let isLoaded = false
  const undo = openUndo(async (task) => {
    const restored = await attempt(() => store.restoreTask(task.id))
    if (!restored) return
    rows.get(restored.key)?.focus()
    say(`Restored ${task.text}`)
  }, signal)

  /** @param {string} id stays valid when the service's id replaces it */
  function createRow(id) {
    return createItem({
      change: (changes) => attempt(() => store.updateTask(id, changes)),
      restore: () => attempt(() => store.restoreTask(id)),
      remove: () => attempt(() => store.deleteTask(id).then(() => true)),
      removed: undo.offer,
      closed: showTasks,
    })
  }

  function showTasks() {
    const all = tasks.get()
    const keys = new Set(all.map(({ key }) => key))
    // The text that someone is writing stays, even if another device has deleted the task.
    for (const [key, row] of rows)
      if (!keys.has(key) && !row.isOpen()) {
        row.element.remove()
        rows.delete(key)
      }
    const focused = document.activeElement
    for (const [index, task] of all.entries()) {
      const row = rows.get(task.key) ?? createRow(task.id)
      rows.set(task.key, row)
      row.show(task)
      const there = list.children[index] ?? null
      if (there !== row.element) list.insertBefore(row.element, there)
    }
    // An element that moves loses the focus.
    if (focused?.isConnected) focused.focus()
    const open = all.filter(({ completed }) => !completed).length
    const done = all.length - open
    const counts = open === 0 ? 'All done' : `${open} open${done === 0 ? '' : `, ${done} done`}`
    write('#count', all.length === 0 ? '' : counts)
    isLoaded ||= all.length > 0
    list.hidden = rows.size === 0
    empty.hidden = rows.size > 0 || !isLoaded
  }

  let last = status.get()
  function showStatus() {
    const { state, waiting } = status.get()
    const words = wordsFor(state, waiting)
    write('#connection', words)
    document.querySelector('#connection').dataset.state = state
    const wasOffline = last.state === 'offline'
    if (wasOffline !== (state === 'offline'))
      say(wasOffline ? 'Online again' : 'You are offline now')
    if (last.state !== 'idle' && state === 'idle' && !isLoaded) {
      isLoaded = true
      showTasks()
    }
    last = status.get()
  }

  onSubmit(
    form,
    async () => {
      const { text } = await store.createTask({ text: form.elements.text.value })
      form.reset()
      say(`Added ${text}`)
    },
    signal,
  )

  const ends = [tasks.subscribe(showTasks), status.subscribe(showStatus)]
  signal.addEventListener('abort', () => {
    for (const end of ends) end()
    form.reset()
    section.hidden = true
    list.replaceChildren()
    write('#count', '')
  })
  section.hidden = false
  showTasks()
  showStatus()
  form.elements.text.focus()
}

function wordsFor(state, waiting) {
  if (state === 'storage_full') return 'This device has no room left'
  if (state !== 'offline') return waiting === 0 ? '' : 'Saving…'
  if (waiting === 0) return 'Offline'
  return `Offline, ${waiting === 1 ? '1 change waits' : `${waiting} changes wait`}`
}
