/** Offers to take back deletions: with a button for some seconds, and with Ctrl+Z for as long as the page is open. */
import { say, write } from './messages.js'

const SHOWN_MS = 10_000

const bar = document.querySelector('#undo')
const button = bar.querySelector('button')

/**
 * @param {(task: { id: string, text: string }) => Promise<void>} restore
 * @param {AbortSignal} signal ends this
 */
export function openUndo(restore, signal) {
  const deleted = []
  let timer

  function hide() {
    // Not while the pointer or the focus is there.
    if (bar.matches(':hover, :focus-within')) wait()
    else bar.hidden = true
  }

  function wait() {
    clearTimeout(timer)
    timer = setTimeout(hide, SHOWN_MS)
  }

  function undo() {
    bar.hidden = true
    const task = deleted.pop()
    if (task) restore(task)
  }

  function onKey(event) {
    const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey)
    if (!isUndo || event.shiftKey || event.altKey || deleted.length === 0) return
    // There, the keys undo typing.
    if (event.target.matches('textarea, input:not([type="checkbox"], :placeholder-shown)')) return
    event.preventDefault()
    undo()
  }

  button.addEventListener('click', undo, { signal })
  document.addEventListener('keydown', onKey, { signal })
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    bar.hidden = true
    write('#undo-text', '')
  })

  return {
    offer(task) {
      deleted.push(task)
      write('#undo-text', `Deleted ${task.text}`)
      bar.hidden = false
      wait()
      say(`Deleted ${task.text}. Ctrl+Z takes it back.`)
    },
  }
}
