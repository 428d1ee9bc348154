import { useMemo } from 'preact/hooks'
import type { WaitingChange } from '../../../client/offline/types.ts'
import { plural } from '../format.ts'
import { reasonOf } from '../messages.ts'
import { useObservable } from '../parts/use-observable.ts'
import { useDevice } from './context.ts'
import { describeChange } from './describe.ts'

/** What waits to be sent, and what was refused. */
export function Outbox() {
  const { device } = useDevice()
  const { store } = device
  const waiting = useObservable(useMemo(() => store.waiting(), [store]))
  const rejected = useObservable(useMemo(() => store.rejected(), [store]))

  function nameOf({ id, op, members, base }: WaitingChange): string | null {
    const name = op.endsWith('_list')
      ? store
          .lists()
          .get()
          .find((list) => list.id === id)?.name
      : store.task(id).get()?.text
    const known = [name, members['text'], members['name'], base['text'], base['name']]
    return known.find((text) => typeof text === 'string') ?? null
  }
  const describe = (change: WaitingChange) => describeChange(change, nameOf(change), new Date())

  return (
    <footer class="outbox">
      {waiting.length === 0 ? (
        <p>Everything is sent</p>
      ) : (
        <details>
          <summary>{plural(waiting.length, 'change')} waiting to be sent</summary>
          <ol>
            {waiting.map((change) => (
              <li key={change.key}>{describe(change)}</li>
            ))}
          </ol>
        </details>
      )}
      {rejected.map(({ change, code, details }) => (
        <p key={change.key} class="problem" role="alert">
          {describe(change)}: not possible. {reasonOf(code, details) ?? code}.
          <button type="button" class="quiet" onClick={() => store.dismiss(change.key)}>
            Dismiss
          </button>
        </p>
      ))}
    </footer>
  )
}
