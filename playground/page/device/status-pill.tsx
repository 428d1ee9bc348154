import { useMemo } from 'preact/hooks'
import type { OfflineStatus } from '../../../client/offline/types.ts'
import { useObservable } from '../parts/use-observable.ts'
import { useDevice } from './context.ts'

/** Whether the device has sent and got everything. */
export function StatusPill() {
  const { device } = useDevice()
  const status = useObservable(useMemo(() => device.store.status(), [device]))
  const isOnline = useObservable(device.isOnline)
  const [kind, words] = isOnline ? wordsOf(status) : offlineWords(status)
  return (
    <>
      <span class={`pill ${kind}`}>{words}</span>
      {/* Screen readers would speak all the time if they said that it syncs. */}
      <span class="sr-only" role="status">
        {kind === 'off' || kind === 'bad' ? words : ''}
      </span>
    </>
  )
}

/** Says what to do when the service no longer accepts the token. */
export function SignedOut() {
  const { device } = useDevice()
  const { state } = useObservable(useMemo(() => device.store.status(), [device]))
  if (state !== 'signed_out') return null
  return (
    <p class="problem signed-out" role="alert">
      This browser is signed out. Open the address that the service printed again: what waits is
      kept.
    </p>
  )
}

function offlineWords({ waiting }: OfflineStatus): [kind: string, words: string] {
  return ['off', waiting === 0 ? 'Offline' : `Offline, ${waiting} waiting`]
}

function wordsOf({ state, waiting }: OfflineStatus): [kind: string, words: string] {
  if (state === 'signed_out') return ['bad', 'Signed out']
  if (state === 'storage_full') return ['bad', 'The disk is full']
  if (state === 'offline')
    return ['bad', waiting === 0 ? 'No connection' : `Retrying, ${waiting} waiting`]
  return state === 'syncing' || waiting > 0 ? ['busy', 'Syncing'] : ['good', 'Up to date']
}
