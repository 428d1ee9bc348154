import { useState } from 'preact/hooks'
import { Icon } from './icon.tsx'

/** Returns what happened. Pages without TLS have no clipboard, except on this machine. */
async function copy(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text)
    return 'Copied'
  } catch {
    return 'The browser does not allow copying'
  }
}

/** Copies a text, and says so. */
export function CopyButton({
  text,
  label,
}: {
  readonly text: () => string
  readonly label: string
}) {
  const [message, setMessage] = useState('')
  return (
    <span class="copy">
      <button type="button" class="quiet" onClick={() => copy(text()).then(setMessage)}>
        <Icon name="copy" />
        {label}
      </button>
      <span role="status">{message}</span>
    </span>
  )
}
