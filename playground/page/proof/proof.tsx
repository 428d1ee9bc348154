import { useEffect, useMemo, useState } from 'preact/hooks'
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

/** Shows that nothing was lost, and nothing done twice. */
export function Proof(props: {
  readonly playground: Playground
  readonly user: string
  readonly devices: readonly [Device, Device]
}) {
  const { playground, user, devices } = props
  const sums = totals(useObservable(playground.tally.state))
  const waiting = devices.map(({ store }) => useObservable(useMemo(() => store.waiting(), [store])))
  const count = waiting.reduce((sum, { length }) => sum + length, 0)
  const [result, setResult] = useState<Comparison | string | null>(null)
  const [comparedAt, setComparedAt] = useState(0)
  const trouble = sums.lost + sums.refused
  const client = useMemo(() => createPlaygroundClient(playground, user, 'Page', UNTROUBLED), [user])

  async function compare(): Promise<void> {
    setComparedAt(trouble)
    try {
      const { tasks } = await client.listTasks()
      setResult(
        compareCopies(
          tasks,
          devices.map(({ store }) => store.tasks({}).get()),
        ),
      )
    } catch (error) {
      setResult(messageOf(error))
    }
  }

  // The trouble is proved harmless as soon as everything is quiet, without being asked.
  useEffect(() => {
    // A result is about a moment that is over.
    setResult(null)
    if (trouble === comparedAt || count > 0) return
    const timer = setTimeout(compare, QUIET_MS)
    return () => clearTimeout(timer)
  }, [sums.changes, trouble, count])

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
      <div role="status">{result !== null && <p class="result">{wordsOf(result, count)}</p>}</div>
    </section>
  )
}

function wordsOf(result: Comparison | string, waiting: number): string {
  if (typeof result === 'string') return result
  const { tasks, missing, extra, different } = result
  if (areEqual(result))
    return `Nothing is lost: both devices have the service’s ${plural(tasks, 'task')}.`
  const changes = waiting === 0 ? '' : ` ${plural(waiting, 'change')} not yet sent.`
  return `Not the same yet: ${missing} missing, ${extra} extra, ${different} different.${changes}`
}
