import { useEffect, useState } from 'preact/hooks'
import { DevicePanel } from './device/device-panel.tsx'
import { DEVICE_NAMES, type Device, openDevice } from './device/open-device.ts'
import { Masthead } from './masthead.tsx'
import { messageOf } from './messages.ts'
import { useObservable } from './parts/use-observable.ts'
import type { Playground } from './playground.ts'
import { Proof } from './proof/proof.tsx'
import { type ForeignTask, OtherUser } from './session/other-user.tsx'
import { USERS, type User } from './session/session.ts'
import { SignIn } from './session/sign-in.tsx'
import { TroublePanel } from './trouble/trouble-panel.tsx'
import { WirePanel } from './wire/wire-panel.tsx'

/** The devices of one user. */
interface Opened {
  readonly user: User
  readonly devices: readonly [Device, Device]
}

export function App({ playground }: { readonly playground: Playground }) {
  const { session, wire } = playground
  const tokens = useObservable(session.tokens)
  const problem = useObservable(session.problem)
  const [user, setUser] = useState<User>(USERS[0])
  const [opened, setOpened] = useState<Opened | null>(null)
  const [foreign, setForeign] = useState<ForeignTask | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const token = tokens[user.id]

  useEffect(() => {
    if (token === undefined) return
    const opening = Promise.all([
      openDevice(playground, user.id, DEVICE_NAMES[0]),
      openDevice(playground, user.id, DEVICE_NAMES[1]),
    ])
    let isCurrent = true
    opening.then(
      (devices) => isCurrent && setOpened({ user, devices }),
      (error) => setFailure(messageOf(error)),
    )
    return () => {
      isCurrent = false
      setOpened(null)
      // A failure is shown above.
      opening.then((devices) => devices.map(({ close }) => close())).catch(() => {})
    }
  }, [user, token])

  function choose(next: User): void {
    const task = opened?.devices[0].store.tasks({ sort: 'order' }).get()[0]
    setForeign(task ? { id: task.id, text: task.text, owner: user.name } : null)
    setUser(next)
  }

  if (token === undefined) return <SignIn problem={problem} />
  return (
    <>
      <Masthead user={user} onChoose={choose} store={opened?.devices[0].store ?? null} />
      <main>
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {failure && (
          <p class="problem" role="alert">
            The browser does not let this page store anything: {failure}
          </p>
        )}
        {opened && (
          <>
            {foreign && foreign.owner !== opened.user.name && (
              <OtherUser
                name={opened.user.name}
                foreign={foreign}
                client={opened.devices[0].client}
              />
            )}
            {opened.devices.map((device) => (
              <div key={device.name + opened.user.id} class="place">
                <DevicePanel device={device} />
              </div>
            ))}
            <TroublePanel playground={playground} devices={opened.devices} />
            <Proof playground={playground} user={opened.user.id} devices={opened.devices} />
          </>
        )}
        <WirePanel wire={wire} />
      </main>
    </>
  )
}
