/** The page: who is signed in, and their store. `list.js` shows the tasks. */
import { assistantRequest, currentUser, fetchToken, signOut } from './account.js'
import { onSignedIn, showAccount } from './account-form.js'
import { Failure } from './http.js'
import { openList } from './list.js'
import { attempt, explain, say, write } from './messages.js'
import { openStore, removeStored } from './taskport.js'

const url = document.querySelector('meta[name="taskport-url"]').content
const retry = document.querySelector('#retry')

/** The signed-in user, their store and what ends its use. */
let session = null

// Tells the other windows of this browser that a user has signed out.
const signOuts = new BroadcastChannel('sign-out')
signOuts.addEventListener('message', ({ data: userId }) => {
  if (session?.user.id === userId) leave()
})

async function start() {
  const answer = await attempt(async () => ({ user: await currentUser() }))
  retry.hidden = answer !== null
  // An assistant sends the user here only if they must sign in, perhaps again.
  if (answer?.user && !assistantRequest) await attempt(() => enter(answer.user))
  else if (answer) showAccount('sign-in')
}

retry.addEventListener('click', start)
onSignedIn(enter)

/** Opens the store of a user and shows their tasks. */
async function enter(user) {
  const store = await openStore({
    url,
    userId: user.id,
    token: () => fetchToken(user.id),
    onRejected({ change, code, details }) {
      explain(new Failure(`A change was refused (${code}).`, 0, details))
      store.dismiss(change.key)
    },
  })
  const ending = new AbortController()
  session = { user, store, ending }
  const unsubscribe = store.status().subscribe(() => {
    const { state, error } = store.status().get()
    // What waits is kept, and sent when the same user has signed in again.
    if (state === 'signed_out') leave(new Failure(error.message, 401))
  })
  ending.signal.addEventListener('abort', unsubscribe)
  write('#person-name', user.name)
  document.querySelector('#person').hidden = false
  openList(store, ending.signal)
  // Only one window follows the changes. Another one that has nothing to show asks once.
  if (store.tasks().get().length === 0) await store.sync().catch(() => {})
  if (!ending.signal.aborted) store.start()
}

/** Closes the store, and removes the tasks from the page. */
function leave(problem = null) {
  session.ending.abort()
  session.store.close()
  session = null
  document.querySelector('#person').hidden = true
  write('#person-name', '')
  explain(problem)
  say(problem ? '' : 'Signed out')
  showAccount('sign-in')
}

document.querySelector('#sign-out').addEventListener('click', () =>
  attempt(async () => {
    const { user, store } = session
    const count = () => store.status().get().waiting
    if (count() > 0) await store.sync().catch(() => {})
    const question = 'Some changes have not been sent yet. Sign out and lose them?'
    if (count() > 0 && !confirm(question)) return
    await signOut()
    if (session) leave()
    signOuts.postMessage(user.id)
    await removeStored(user.id)
  }),
)

await start()
