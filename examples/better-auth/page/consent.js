/** The page on which the user allows an assistant's request, or denies it. */
import { assistantRequest, currentUser, leaveFor } from './account.js'
import { send } from './http.js'

const meanings = {
  'tasks:read': 'See your tasks and lists',
  'tasks:write': 'Add, change and delete tasks and lists',
  offline_access: 'Stay signed in',
}

const element = (id) => document.getElementById(id)

async function show() {
  const request = new URLSearchParams(assistantRequest)
  const clientId = new URLSearchParams({ client_id: request.get('client_id') })
  const [user, client] = await Promise.all([
    currentUser(),
    send(`/api/auth/oauth2/public-client?${clientId}`),
  ])
  // Anyone can register under any name, so the address matters, too.
  element('client').textContent = client.client_name ?? 'a program without a name'
  element('target').textContent = new URL(request.get('redirect_uri')).host
  element('user').textContent = user.email
  for (const scope of (request.get('scope') ?? '').split(' ')) {
    const item = document.createElement('li')
    item.textContent = meanings[scope] ?? scope
    element('scopes').append(item)
  }
  element('consent').hidden = false
}

/** @param {boolean} accept */
async function answer(accept) {
  const body = { accept, oauth_query: assistantRequest }
  const { url } = await send('/api/auth/oauth2/consent', { method: 'POST', body })
  await leaveFor(url)
}

async function attempt(work) {
  element('error').textContent = ''
  try {
    await work()
  } catch (problem) {
    element('error').textContent = problem.message
  }
}

element('allow').addEventListener('click', () => attempt(() => answer(true)))
element('deny').addEventListener('click', () => attempt(() => answer(false)))
await attempt(show)
