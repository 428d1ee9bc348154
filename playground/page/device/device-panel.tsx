import type { TargetedKeyboardEvent } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import { textProblem } from '../messages.ts'
import { Icon } from '../parts/icon.tsx'
import { Switch } from '../parts/switch.tsx'
import { useObservable } from '../parts/use-observable.ts'
import { createActions } from './actions.ts'
import { Composer } from './composer.tsx'
import { DeviceProvider } from './context.ts'
import { NoticeBar } from './notice.tsx'
import type { Device } from './open-device.ts'
import { Outbox } from './outbox.tsx'
import { SignedOut, StatusPill } from './status-pill.tsx'
import { TaskList } from './task-list.tsx'
import { Trash } from './trash.tsx'
import { listOf, type View } from './view.ts'
import { Views } from './views.tsx'

const ALL: View = { kind: 'all' }

/** One device: a task list of its own. */
export function DevicePanel({ device }: { readonly device: Device }) {
  const actions = useMemo(() => createActions(device), [device])
  const [chosen, setView] = useState<View>(ALL)
  const lists = useObservable(useMemo(() => device.store.lists(), [device]))
  const list = listOf(chosen, lists)
  // Another device may have deleted the list.
  const view = chosen.kind === 'list' && !list ? ALL : chosen
  const [search, setSearch] = useState('')
  const isOnline = useObservable(device.isOnline)
  const announcement = useObservable(actions.announcement)
  const panel = useRef<HTMLElement>(null)
  const { name } = device
  const id = name.toLowerCase()

  /** The shortcuts of a device. They do nothing while the user writes. */
  function onKeyDown(event: TargetedKeyboardEvent<HTMLElement>): void {
    const { target, key, ctrlKey, metaKey, altKey } = event
    const isWriting =
      target instanceof Element && target.matches('input:not(.check), textarea, select')
    if (isWriting || ctrlKey || metaKey || altKey) return
    const selector = key === 'n' ? '[data-composer=true]' : key === '/' ? '[type=search]' : null
    if (key === 'z') actions.notice.get()?.undo?.()
    if (selector === null) return
    event.preventDefault()
    panel.current?.querySelector<HTMLElement>(selector)?.focus()
  }

  const add = (text: string) => actions.add({ text, list_id: list?.id ?? null })

  return (
    <DeviceProvider value={{ device, actions }}>
      <section
        class={isOnline ? `device ${id}` : `device ${id} offline`}
        id={id}
        ref={panel}
        aria-labelledby={`${id}-name`}
        onKeyDown={onKeyDown}
      >
        <header>
          <h2 id={`${id}-name`}>
            <Icon name={name === 'Laptop' ? 'laptop' : 'phone'} />
            {name}
          </h2>
          <StatusPill />
          <Switch isOn={isOnline} onChange={device.isOnline.set}>
            Online
          </Switch>
        </header>
        <SignedOut />
        <Views view={view} onChoose={setView} />
        {view.kind !== 'trash' && (
          <div class="entry-row">
            <Composer label="Add a task" problemOf={textProblem} onAdd={add} />
            <label class="search">
              <Icon name="search" />
              <span class="sr-only">Search the tasks of the {id}</span>
              <input
                type="search"
                placeholder="Search"
                value={search}
                onInput={(event) => setSearch(event.currentTarget.value)}
              />
            </label>
          </div>
        )}
        <div class="scroller">
          {view.kind === 'trash' ? <Trash /> : <TaskList view={view} search={search.trim()} />}
        </div>
        <NoticeBar />
        <Outbox />
        <p class="sr-only" role="status">
          {announcement}
        </p>
      </section>
    </DeviceProvider>
  )
}
