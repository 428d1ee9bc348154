/** Messages to the user. */
import { Failure } from './http.js'

// The errors of the store that a user can understand.
const EXPECTED = ['TaskportError', 'StorageFullError']

/**
 * Runs `work` and shows an error if it fails.
 *
 * @returns its result, or `null` if it failed
 */
export async function attempt(work) {
  explain(null)
  try {
    return await work()
  } catch (problem) {
    explain(problem)
    return null
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {() => Promise<unknown>} work
 * @param {AbortSignal} [signal] ends this
 */
export function onSubmit(form, work, signal) {
  async function submit(event) {
    event.preventDefault()
    if (form.ariaBusy === 'true') return
    form.ariaBusy = 'true'
    await attempt(work)
    form.ariaBusy = 'false'
  }
  form.addEventListener('submit', submit, { signal })
}

/** Shows an error; `null` hides it. */
export function explain(problem) {
  // The store's errors repeat their only detail.
  const lines = new Set(problem ? [problem.message, ...(problem.details ?? [])] : [])
  document.querySelector('#error').replaceChildren(
    ...Array.from(lines, (line) => {
      const paragraph = document.createElement('p')
      paragraph.textContent = line
      return paragraph
    }),
  )
  const isExpected = problem instanceof Failure || EXPECTED.includes(problem?.name)
  if (problem && !isExpected) reportError(problem)
}

/** Announces a change to screen readers. */
export function say(words) {
  write('#status', words)
}

export function write(selector, words) {
  document.querySelector(selector).textContent = words
}
