import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { CopyButton } from '../parts/copy-button.tsx'
import { serviceUrl } from '../service-url.ts'
import { curlOf, headerName } from './curl.ts'
import { type Explanation, explain, SPECIAL_HEADERS, specialOf } from './explain.ts'
import type { Entry, EventEntry, RequestEntry } from './log.ts'

const MAX_CHIP = 28

export function RequestRow({ entry }: { readonly entry: RequestEntry }) {
  const { method, path, status, durationMs, outcome, requestBody, responseBody } = entry
  const [kind, words] = outcomeOf(entry)
  const special = specialOf(entry)
  return (
    <Row
      entry={entry}
      title={
        <>
          <span class="method">{method}</span> <span class="path">{path}</span>
        </>
      }
      result={
        <>
          <span class={`status ${kind}`}>{words ?? status}</span>
          {durationMs !== null && <span class="time">{Math.round(durationMs)} ms</span>}
        </>
      }
      chips={special.map(([name, value]) => (
        <span key={name} class="chip" title={SPECIAL_HEADERS[name]}>
          <span class="name">{name.includes('_') ? name : headerName(name)}</span>{' '}
          <span class="value">{shortened(value)}</span>
        </span>
      ))}
    >
      <Headers label="Request" headers={entry.requestHeaders} />
      {requestBody && <Body label="Request body" text={requestBody} />}
      {status !== null && <Headers label={`Response ${status}`} headers={entry.responseHeaders} />}
      {responseBody && <Body label="Response body" text={responseBody} />}
      {outcome !== 'refused' && (
        <CopyButton label="Copy as curl" text={() => curlOf(entry, serviceUrl())} />
      )}
    </Row>
  )
}

export function EventRow({ entry }: { readonly entry: EventEntry }) {
  const { type, eventId, data } = entry
  return (
    <Row
      entry={entry}
      title={
        <>
          <span class="method">{subjectOf(entry) === null ? 'event' : type}</span>{' '}
          <span class="path">{subjectOf(entry) ?? type}</span>
        </>
      }
      result={<span class="time">{new Date(entry.at).toLocaleTimeString('en-GB')}</span>}
      chips={
        eventId && (
          <span class="chip">
            <span class="name">id</span> <span class="value">{shortened(eventId)}</span>
          </span>
        )
      }
    >
      <Body label="Data" text={data} />
    </Row>
  )
}

function Row(props: {
  readonly entry: Entry
  readonly title: ComponentChildren
  readonly result: ComponentChildren
  readonly chips: ComponentChildren
  /** What is shown once the row is opened. */
  readonly children: ComponentChildren
}) {
  const { entry, title, result, chips, children } = props
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <li class={`entry ${entry.kind}`}>
      <button
        type="button"
        class="head"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <span class={`origin ${entry.device.toLowerCase()}`}>{entry.device}</span>
        <span class="title">{title}</span>
        <span class="result">{result}</span>
      </button>
      <Sentence {...explain(entry)} />
      {chips && <p class="chips">{chips}</p>}
      {isOpen && (
        <div class="more" id={id}>
          {children}
        </div>
      )}
    </li>
  )
}

function Sentence({ text, operation }: Explanation) {
  return (
    <p class="sentence">
      {text}{' '}
      <a href={`docs#/${operation}`} target="_blank" rel="noopener">
        {operation.split('/')[1]}
        <span class="sr-only"> in the API reference, opens a new tab</span>
      </a>
    </p>
  )
}

function Headers(props: {
  readonly label: string
  readonly headers: RequestEntry['requestHeaders']
}) {
  const shown = props.headers.map(([name, value]): [string, string] =>
    // It is in the copied command, and on no screenshot.
    name === 'authorization' ? [name, 'Bearer …'] : [name, value],
  )
  return (
    <>
      <h3>{props.label}</h3>
      <dl class="headers">
        {shown.map(([name, value]) => (
          <div key={name} class={name in SPECIAL_HEADERS ? 'special' : ''}>
            <dt>{headerName(name)}</dt>
            <dd>
              {value}
              {SPECIAL_HEADERS[name] && <small>{SPECIAL_HEADERS[name]}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function Body({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <>
      <h3>{label}</h3>
      <pre>{indented(text)}</pre>
    </>
  )
}

function shortened(value: string): string {
  return value.length > MAX_CHIP ? `${value.slice(0, MAX_CHIP)}…` : value
}

/** What an event is about; `null` if it is about no task or list that is left. */
function subjectOf({ data }: EventEntry): string | null {
  const { task, list } = Object(JSON.parse(data))
  return task?.text ?? list?.name ?? null
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function outcomeOf({ outcome, status }: RequestEntry): [kind: string, words: string | null] {
  if (outcome === 'lost') return ['bad', `${status}, lost`]
  if (outcome === 'failed') return ['bad', 'no answer']
  if (outcome === 'ended' && status === null) return ['off', 'given up']
  if (outcome === 'pending') return ['busy', 'on its way']
  if (outcome === 'streaming') return ['good', 'live']
  return [status !== null && status < 400 ? 'good' : 'bad', null]
}
