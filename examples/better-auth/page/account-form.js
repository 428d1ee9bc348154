/** The form with which people sign in, or create an account. */
import { signIn, signUp } from './account.js'
import { explain, onSubmit, write } from './messages.js'

const account = document.querySelector('#account')
const form = document.querySelector('#account-form')

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
export function showAccount(mode) {
  const { title, question, other, password } = wording[mode]
  const isNew = mode === 'sign-up'
  const fields = form.elements
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
  account.hidden = false
  fields[isNew ? 'name' : 'email'].focus()
}

/** @param {(person: { id: string, name: string }) => Promise<void>} enter called with the user who has signed in */
export function onSignedIn(enter) {
  onSubmit(form, async () => {
    const person = Object.fromEntries(new FormData(form))
    const sign = account.dataset.mode === 'sign-in' ? signIn : signUp
    const user = await sign(person)
    account.hidden = true
    form.reset()
    await enter(user)
  })
}

document.querySelector('#account-switch').addEventListener('click', () => {
  explain(null)
  showAccount(account.dataset.mode === 'sign-in' ? 'sign-up' : 'sign-in')
})
