import type { TargetedKeyboardEvent } from 'preact'
import { useState } from 'preact/hooks'

/**
 * A field that saves when it loses the focus. Changes that arrive do not overwrite what is being written.
 *
 * @param props.onSave called with the new text only.
 */
export function DraftField(props: {
  readonly id: string
  readonly value: string
  readonly onSave: (value: string) => void
  readonly isLong?: boolean
  readonly placeholder?: string
}) {
  const { id, value, onSave, isLong, placeholder } = props
  const [draft, setDraft] = useState<string | null>(null)

  function save(): void {
    if (draft !== null && draft !== value) onSave(draft)
    setDraft(null)
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLElement>): void {
    if (event.key === 'Escape') setDraft(null)
    else if (event.key === 'Enter' && (!isLong || event.ctrlKey || event.metaKey)) save()
  }

  const shared = { id, placeholder, value: draft ?? value, onBlur: save, onKeyDown }
  return isLong ? (
    <textarea {...shared} rows={3} onInput={(event) => setDraft(event.currentTarget.value)} />
  ) : (
    <input {...shared} type="text" onInput={(event) => setDraft(event.currentTarget.value)} />
  )
}
