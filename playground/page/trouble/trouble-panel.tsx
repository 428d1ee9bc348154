import { useState } from 'preact/hooks'
import type { Device } from '../device/open-device.ts'
import { dueLabel } from '../format.ts'
import { messageOf } from '../messages.ts'
import { Icon } from '../parts/icon.tsx'
import { Switch } from '../parts/switch.tsx'
import { useObservable } from '../parts/use-observable.ts'
import type { Playground } from '../playground.ts'
import { type Duel, editOnBoth } from './duel.ts'
import type { Trouble } from './trouble.ts'

/** Makes trouble between the devices and the service. */
export function TroublePanel(props: {
  readonly playground: Playground
  readonly devices: readonly [Device, Device]
}) {
  const { playground, devices } = props
  const trouble = useObservable(playground.trouble.state)
  const [duel, setDuel] = useState<Duel | string | null>(null)
  const [isBusy, setBusy] = useState(false)

  function change(members: Partial<Trouble>): void {
    playground.trouble.state.update((current) => ({ ...current, ...members }))
    if (Object.values(members).includes(true)) return
    // The trouble is over, but the devices may wait long before the next try.
    for (const { isOnline, store } of devices)
      if (isOnline.get()) {
        store.pause()
        store.resume()
      }
  }

  async function start(): Promise<void> {
    setBusy(true)
    setDuel(null)
    setDuel(await editOnBoth(devices).catch(messageOf))
    setBusy(false)
  }

  return (
    <section class="card trouble" aria-labelledby="trouble">
      <h2 id="trouble">Make trouble</h2>
      <div class="switches">
        <Switch
          isOn={trouble.losesAnswers}
          onChange={(losesAnswers) => change({ losesAnswers })}
          hint="The service acts, and the device never hears of it"
        >
          Lose every second answer
        </Switch>
        <Switch
          isOn={trouble.isSlow}
          onChange={(isSlow) => change({ isSlow })}
          hint="Every request waits for two seconds"
        >
          Slow connection
        </Switch>
        <Switch
          isOn={trouble.isUnavailable}
          onChange={(isUnavailable) => change({ isUnavailable })}
          hint="Every request gets 503"
        >
          Service unavailable
        </Switch>
      </div>
      <button type="button" class="secondary" onClick={start} disabled={isBusy}>
        <Icon name="swap" />
        {isBusy ? 'Both devices edit…' : 'Edit the same task on both devices'}
      </button>
      <div role="status">
        {typeof duel === 'string' && <p class="problem">{duel}</p>}
        {duel !== null && typeof duel === 'object' && <DuelResult duel={duel} />}
      </div>
    </section>
  )
}

function DuelResult({ duel }: { readonly duel: Duel }) {
  const { before, edits, after } = duel
  return (
    <dl class="duel">
      <dt>Before</dt>
      <dd>{before}</dd>
      {edits.map(({ device, members }) => (
        <>
          <dt>{device} wrote</dt>
          <dd>{wordsOf(members)}</dd>
        </>
      ))}
      <dt class="after">
        <Icon name="check" />
        Both have
      </dt>
      <dd class="after">{wordsOf(after)}</dd>
    </dl>
  )
}

interface Edited {
  readonly text?: string | undefined
  readonly due?: string | null | undefined
  readonly priority?: string | null | undefined
}

function wordsOf({ text, due, priority }: Edited): string {
  return [
    text,
    ...(due ? [`due ${dueLabel(due, new Date()).toLowerCase()}`] : []),
    ...(priority && priority !== 'none' ? [`${priority} priority`] : []),
  ].join(' · ')
}
