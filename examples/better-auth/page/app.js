/** The page: the sign-in form and the task list. The DOM holds the state. */
import { assistantRequest, currentUser, fetchToken, signIn, signOut, signUp } from './account.js'
import { Failure } from './http.js'
import { createItem } from './item.js'
import { createTaskport } from './taskport.js'

const taskportUrl = document.querySelector('meta[name="taskport-url"]').content

const account = document.querySelector('#account')
const accountForm = document.querySelector('#account-form')
const tasks = document.querySelector('#tasks')
const addForm = document.querySelector('#add')
const list = document.querySelector('#list')
const retry = document.querySelector('#retry')

/** The signed-in user, and the Taskport client with their token. */
let user = null
let taskport = null
let loading = Promise.resolve()

async function start() {
  const session = await attempt(async () => ({ person: await currentUser() }))
  retry.hidden = session !== null
  // An assistant sends the user here only if they must sign in, perhaps again.
  if (session?.person && !assistantRequest) await showTasks(session.person)
  else if (session) showAccount('sign-in')
}

const wording = {
  'sign-in': {
    title: 'Sign in',
    question: 'New here?',
    other: 'Create an account',
    password: 'current-password',
  },
  'sign-up': {
    title: 'Create an account',
    question: 'Already have an account?',
    other: 'Sign in',
    password: 'new-password',
  },
}

/** @param {'sign-in' | 'sign-up'} mode */
function showAccount(mode) {
  const { title, question, other, password } = wording[mode]
  const isNew = mode === 'sign-up'
  const fields = accountForm.elements
  account.dataset.mode = mode
  write('#account-title', title)
  write('#account-submit', title)
  write('#account-question', question)
  write('#account-switch', other)
  document.querySelector('#name-field').hidden = !isNew
  document.querySelector('#password-hint').hidden = !isNew
  fields.name.disabled = !isNew
  fields.password.minLength = isNew ? 8 : 0
  fields.password.autocomplete = password
  document.querySelector('#person').hidden = true
  tasks.hidden = true
  retry.hidden = true
  account.hidden = false
  fields[isNew ? 'name' : 'email'].focus()
}

document.querySelector('#account-switch').addEventListener('click', () => {
  explain(null)
  showAccount(account.dataset.mode === 'sign-in' ? 'sign-up' : 'sign-in')
})

onSubmit(accountForm, async () => {
  const person = Object.fromEntries(new FormData(accountForm))
  const enter = account.dataset.mode === 'sign-in' ? signIn : signUp
  await showTasks(await enter(person))
  accountForm.reset()
})

document.querySelector('#sign-out').addEventListener('click', () =>
  attempt(async () => {
    await signOut()
    forget()
    showAccount('sign-in')
    say('Signed out')
  }),
)

/** Removes all data of the last user. */
function forget() {
  user = null
  taskport = null
  list.replaceChildren()
  document.querySelector('#overview').hidden = true
  document.querySelector('#empty').hidden = true
  addForm.reset()
}

async function showTasks(person) {
  if (user?.id !== person.id) {
    forget()
    user = person
    taskport = createTaskport(taskportUrl, () => fetchToken(person.id))
  }
  write('#person-name', person.name)
  document.querySelector('#person').hidden = false
  account.hidden = true
  tasks.hidden = false
  addForm.elements.text.focus()
  await load()
}

function load() {
  loading = showList()
  return loading
}

async function showList() {
  retry.hidden = true
  const all = await attempt(() => taskport.list())
  // If the session has ended, the sign-in form is shown instead.
  retry.hidden = all !== null || tasks.hidden
  if (all === null) return
  list.replaceChildren(...all.map(rowOf))
  count()
}

retry.addEventListener('click', () => (user ? load() : start()))

onSubmit(addForm, async () => {
  const input = addForm.elements.text
  // Otherwise a list that was requested before could replace the one with the new task.
  await loading
  const task = await taskport.add(input.value)
  input.value = ''
  list.prepend(rowOf(task))
  count()
  // Adding succeeded, so Taskport is available again.
  if (!retry.hidden) await load()
  say(`Added ${task.text}`)
})

function rowOf(task) {
  return createItem(task, {
    change: (changes) => attempt(() => taskport.change(task.id, changes)),
    remove: () => attempt(() => taskport.remove(task.id)),
    count,
    say,
  })
}

function count() {
  const all = list.children.length
  const open = list.querySelectorAll('input:not(:checked)').length
  const done = all - open
  write('#count', open === 0 ? 'All done' : `${open} open${done === 0 ? '' : `, ${done} done`}`)
  document.querySelector('#overview').hidden = all === 0
  document.querySelector('#empty').hidden = all > 0
}

/**
 * Runs `work` and shows an error if it fails.
 *
 * @returns its result, or `null` if it failed
 */
async function attempt(work) {
  explain(null)
  try {
    return await work()
  } catch (problem) {
    explain(problem)
    return null
  }
}

/** @param {HTMLFormElement} form */
function onSubmit(form, work) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (form.ariaBusy === 'true') return
    form.ariaBusy = 'true'
    await attempt(work)
    form.ariaBusy = 'false'
  })
}

/** Shows an error; `null` hides it. */
function explain(problem) {
  const lines = problem ? [problem.message, ...(problem.details ?? [])] : []
  document.querySelector('#error').replaceChildren(
    ...lines.map((line) => {
      const paragraph = document.createElement('p')
      paragraph.textContent = line
      return paragraph
    }),
  )
  if (problem && !(problem instanceof Failure)) reportError(problem)
  if (problem?.status === 401 && account.hidden) showAccount('sign-in')
}

/** Announces a change to screen readers. */
function say(words) {
  write('#status', words)
}

function write(selector, words) {
  document.querySelector(selector).textContent = words
}

await start()
