import { createState } from './observable.ts'
import { count, NO_CALLS, type Tally } from './proof/tally.ts'
import type { Session } from './session/session.ts'
import { createTrouble } from './trouble/trouble.ts'
import { createWire, type RequestEntry } from './wire/log.ts'

export type Playground = ReturnType<typeof createPlayground>

/** What all parts of the page share. */
export function createPlayground(session: Session) {
  const tally = createState<Tally>(NO_CALLS)
  return {
    session,
    wire: createWire(Date.now),
    trouble: createTrouble(),
    tally: {
      state: tally,
      add: (entry: RequestEntry) => tally.update((current) => count(current, entry)),
    },
  }
}
