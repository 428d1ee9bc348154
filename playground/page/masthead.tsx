import type { OfflineStore } from '../../client/offline/store.ts'
import { Icon } from './parts/icon.tsx'
import { Logo } from './parts/logo.tsx'
import { addSamples } from './samples.ts'
import { USERS, type User } from './session/session.ts'
import { Shortcuts } from './shortcuts.tsx'

/** The head of the page. */
export function Masthead(props: {
  readonly user: User
  readonly onChoose: (user: User) => void
  /** Where samples go; `null` while the devices open. */
  readonly store: OfflineStore | null
}) {
  const { user, onChoose, store } = props
  return (
    <header class="masthead">
      <div class="brand">
        <Logo />
        <h1>
          Taskport <span>playground</span>
        </h1>
      </div>
      <p class="lead">
        One account on two devices. Take one offline, lose answers, edit the same task twice:
        nothing gets lost, and nothing happens twice.
      </p>
      <div class="tools">
        <fieldset class="segments">
          <legend class="sr-only">Signed in as</legend>
          {USERS.map((one) => (
            <label key={one.id}>
              <input
                type="radio"
                name="user"
                checked={one.id === user.id}
                onChange={() => onChoose(one)}
              />
              <span>{one.name}</span>
            </label>
          ))}
        </fieldset>
        <button
          type="button"
          class="secondary"
          disabled={store === null}
          onClick={() => store && addSamples(store)}
        >
          <Icon name="sparkle" />
          Add sample tasks
        </button>
        <Shortcuts />
        <a class="quiet" href="docs">
          <Icon name="link" />
          API reference
        </a>
      </div>
      <nav class="jump" aria-label="Parts of the page">
        <a href="#laptop">Laptop</a>
        <a href="#phone">Phone</a>
        <a href="#trouble">Trouble</a>
        <a href="#wire">Wire</a>
      </nav>
    </header>
  )
}
