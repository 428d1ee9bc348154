import { render } from 'preact'
import { App } from './app.tsx'
import { createPlayground } from './playground.ts'
import { createSession } from './session/session.ts'

async function start(root: HTMLElement): Promise<void> {
  const session = createSession(root.dataset['tokenUrl'] ?? '')
  const playground = createPlayground(session)
  await session.signIn()
  // An open tab to which the printed address is pasted does not load the page again.
  addEventListener('hashchange', () => session.signIn())
  render(<App playground={playground} />, root)
}

const root = document.getElementById('playground')
if (root) start(root)
