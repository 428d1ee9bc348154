import type { TargetedSubmitEvent } from 'preact'
import { useId, useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'

/** A field to add something. */
export function Composer(props: {
  readonly label: string
  /** What is wrong with a text; `null` if nothing is. */
  readonly problemOf: (text: string) => string | null
  readonly onAdd: (text: string) => void
  readonly isSmall?: boolean
}) {
  const { label, problemOf, onAdd, isSmall } = props
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()

  function submit(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    const found = problemOf(text)
    setProblem(found)
    if (found !== null) return
    onAdd(text)
    setText('')
  }

  return (
    <form class={isSmall ? 'composer small' : 'composer'} onSubmit={submit} noValidate>
      <input
        type="text"
        value={text}
        placeholder={label}
        aria-label={label}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : id}
        data-composer={!isSmall}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setProblem(null)
        }}
      />
      <button type="submit" class={isSmall ? 'quiet' : 'primary'}>
        <Icon name="plus" />
        <span>Add</span>
      </button>
      {problem && (
        <p class="problem" role="alert" id={id}>
          {problem}
        </p>
      )}
    </form>
  )
}
