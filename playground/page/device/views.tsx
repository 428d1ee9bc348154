import { useMemo, useState } from 'preact/hooks'
import type { OfflineList } from '../../../client/offline/types.ts'
import { nameProblem } from '../messages.ts'
import { EditableText } from '../parts/editable-text.tsx'
import { Icon } from '../parts/icon.tsx'
import { useObservable } from '../parts/use-observable.ts'
import { Composer } from './composer.tsx'
import { chosenView, useDevice } from './context.ts'
import { listOf, type View } from './view.ts'

/** Chooses a list, the inbox, everything or the trash. */
export function Views(props: { readonly view: View; readonly onChoose: (view: View) => void }) {
  const { view, onChoose } = props
  const { device, actions } = useDevice()
  const { store } = device
  const [isAdding, setAdding] = useState(false)
  const lists = useObservable(useMemo(() => store.lists(), [store]))
  const open = useObservable(
    useMemo(() => store.tasks({ completed: false, parent: 'none' }), [store]),
  )
  const countIn = (id: string | null) => open.filter(({ list_id }) => list_id === id).length

  function button(label: string, target: View, count: number) {
    const isChosen =
      view.kind === 'list'
        ? target.kind === 'list' && view.key === target.key
        : view.kind === target.kind
    return (
      <button
        type="button"
        key={target.kind === 'list' ? target.key : target.kind}
        class={target.kind === 'trash' ? 'view to-trash' : 'view'}
        aria-current={isChosen ? 'true' : undefined}
        onClick={() => onChoose(target)}
      >
        {target.kind === 'trash' && <Icon name="bin" />}
        {label}
        {count > 0 && <span class="count">{count}</span>}
      </button>
    )
  }

  const chosen = listOf(view, lists)

  async function create(name: string): Promise<void> {
    setAdding(false)
    const { key } = await store.createList({ name })
    onChoose({ kind: 'list', key })
    // The field that had the focus is gone.
    setTimeout(() => chosenView(device)?.focus())
  }

  return (
    <nav class="views" aria-label={`Lists of the ${device.name.toLowerCase()}`}>
      <div class="row">
        {button('All', { kind: 'all' }, open.length)}
        {button('Inbox', { kind: 'inbox' }, countIn(null))}
        {lists.map((list) => button(list.name, { kind: 'list', key: list.key }, countIn(list.id)))}
        <button
          type="button"
          class="view only-icon"
          aria-label="New list"
          aria-expanded={isAdding}
          onClick={() => setAdding(!isAdding)}
        >
          <Icon name="plus" />
        </button>
        {button('Trash', { kind: 'trash' }, 0)}
      </div>
      {isAdding && (
        <Composer
          isSmall
          label="Name of the new list"
          problemOf={nameProblem}
          onAdd={(name) => actions.run(create(name))}
        />
      )}
      {chosen && (
        <ListTitle key={chosen.key} list={chosen} onDeleted={() => onChoose({ kind: 'all' })} />
      )}
    </nav>
  )
}

/** The name of the chosen list, to rename or delete it. */
function ListTitle(props: { readonly list: OfflineList; readonly onDeleted: () => void }) {
  const { list, onDeleted } = props
  const { device, actions } = useDevice()
  return (
    <div class="list-title">
      <EditableText
        text={list.name}
        label="rename the list"
        problemOf={nameProblem}
        onSave={(name) => actions.run(device.store.updateList(list.id, { name }))}
      />
      <button
        type="button"
        class="quiet"
        onClick={() => {
          actions.run(device.store.deleteList(list.id), {
            text: `“${list.name}” is deleted, and its tasks are in the trash`,
          })
          onDeleted()
          // The button that had the focus is gone.
          setTimeout(() => chosenView(device)?.focus())
        }}
      >
        <Icon name="bin" />
        Delete list
      </button>
    </div>
  )
}
