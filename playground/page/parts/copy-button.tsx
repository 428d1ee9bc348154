import { useState } from 'preact/hooks'
import { Icon } from './icon.tsx'

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
      <button
        type="button"
        class="quiet"
        onClick={() =>
          navigator.clipboard.writeText(text()).then(
            () => setMessage('Copied'),
            () => setMessage('The browser does not allow copying'),
          )
        }
      >
        <Icon name="copy" />
        {label}
      </button>
      <span role="status">{message}</span>
    </span>
  )
}
