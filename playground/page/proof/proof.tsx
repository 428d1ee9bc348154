import { useEffect, useMemo, useState } from 'preact/hooks'
import type { OfflineTask } from '../../../client/offline/types.ts'
import { createPlaygroundClient, type Device } from '../device/open-device.ts'
import { plural } from '../format.ts'
import { messageOf } from '../messages.ts'
import { Icon } from '../parts/icon.tsx'
import { useObservable } from '../parts/use-observable.ts'
import type { Playground } from '../playground.ts'
import { createTrouble } from '../trouble/trouble.ts'
import { areEqual, type Comparison, compareCopies } from './comparison.ts'
import { totals } from './tally.ts'

const QUIET_MS = 1500
// The proof itself must not be disturbed.
const UNTROUBLED = createTrouble()

interface Result {
  /** The copies that were compared. */
  readonly compared: readonly (readonly OfflineTask[])[]
  /** What was found, or why not. */
  readonly outcome: Comparison | string
}

/** Shows that nothing was lost, and nothing done twice. */
export function Proof(props: {
  readonly playground: Playground
  readonly user: string
  readonly devices: readonly [Device, Device]
}) {
  const { playground, user, devices } = props
  const sums = totals(useObservable(playground.tally.state))
  const waiting = devices.map(({ store }) => useObservable(store.waiting()))
  const count = waiting.reduce((sum, { length }) => sum + length, 0)
  const copies = devices.map(({ store }) => useObservable(store.tasks()))
  const [result, setResult] = useState<Result | null>(null)
  const [comparedAt, setComparedAt] = useState(0)
  const trouble = sums.lost + sums.refused
  const client = useMemo(() => createPlaygroundClient(playground, user, 'Page', UNTROUBLED), [user])

  async function compare(): Promise<void> {
    setComparedAt(trouble)
    try {
      const { tasks } = await client.listTasks()
      const compared = devices.map(({ store }) => store.tasks().get())
      setResult({ compared, outcome: compareCopies(tasks, compared) })
    } catch (error) {
      setResult({ compared: copies, outcome: messageOf(error) })
    }
  }

  // The trouble is proved harmless as soon as everything is quiet, without being asked.
  useEffect(() => {
    const isEqual =
      result === null || typeof result.outcome === 'string' || areEqual(result.outcome)
    if ((trouble === comparedAt && isEqual) || count > 0) return
    const timer = setTimeout(compare, QUIET_MS)
    return () => clearTimeout(timer)
  }, [trouble, count, ...copies])

  // A result is about copies that may have changed since.
  const isCurrent = result?.compared.every((copy, index) => copy === copies[index])
  const numbers = [
    [sums.changes, 'changes made'],
    [sums.lost, 'answers lost'],
    [sums.sentAgain, 'sent again'],
    [sums.recognized, 'recognized'],
    [sums.doneTwice, 'done twice'],
  ] as const

  return (
    <section class="card proof" aria-labelledby="proof">
      <h2 id="proof">The proof</h2>
      <dl class="numbers">
        {numbers.map(([value, label]) => (
          <div key={label} class={label === 'done twice' ? (value === 0 ? 'good' : 'bad') : ''}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">
        The service recognizes what it has done by the <code>Idempotency-Key</code>, and repeats
        only its answer.
      </p>
      <button type="button" class="secondary" onClick={compare}>
        <Icon name="check" />
        Compare both copies with the service
      </button>
      <div role="status">
        {result && isCurrent && <p class="result">{wordsOf(result.outcome, count)}</p>}
      </div>
    </section>
  )
}

function wordsOf(outcome: Comparison | string, waiting: number): string {
  if (typeof outcome === 'string') return outcome
  const { tasks, missing, extra, different } = outcome
  if (areEqual(outcome))
    return `Nothing is lost: both devices have the service’s ${plural(tasks, 'task')}.`
  const changes = waiting === 0 ? '' : ` ${plural(waiting, 'change')} not yet sent.`
  return `Not the same yet: ${missing} missing, ${extra} extra, ${different} different.${changes}`
}
