import type { TargetedKeyboardEvent } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/**
 * A text that becomes a field when it is pressed. Enter saves, and so does leaving the field; Escape does not.
 *
 * @param props.problemOf what is wrong with a text; `null` if nothing is.
 */
export function EditableText(props: {
  readonly text: string
  readonly label: string
  readonly problemOf: (text: string) => string | null
  readonly onSave: (text: string) => void
}) {
  const { text, label, problemOf, onSave } = props
  const [draft, setDraft] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  // Browsers report that a field that is removed has lost the focus.
  const hasEnded = useRef(false)
  const isEditing = draft !== null

  useLayoutEffect(() => {
    if (isEditing) input.current?.select()
  }, [isEditing])

  function end(): void {
    hasEnded.current = true
    setDraft(null)
    setProblem(null)
    // The button is drawn in place of the field first.
    setTimeout(() => button.current?.focus())
  }

  function save(): boolean {
    if (draft === null || draft === text) return true
    const found = problemOf(draft)
    setProblem(found)
    if (found === null) onSave(draft)
    return found === null
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLInputElement>): void {
    event.stopPropagation()
    if (event.key === 'Escape' || (event.key === 'Enter' && save())) end()
  }

  if (draft === null)
    return (
      <button
        ref={button}
        type="button"
        class="editable"
        aria-label={`${text}, ${label}`}
        data-rename
        onClick={() => {
          hasEnded.current = false
          setDraft(text)
        }}
      >
        {text}
      </button>
    )
  return (
    <span class="editing">
      <input
        ref={input}
        type="text"
        value={draft}
        aria-label={`New text for ${text}`}
        aria-invalid={problem !== null}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (hasEnded.current) return
          // An invalid text is dropped: the user is already elsewhere.
          save()
          setDraft(null)
          setProblem(null)
        }}
      />
      {problem && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  )
}
