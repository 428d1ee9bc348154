import { useState } from 'preact/hooks'
import { useObservable } from '../parts/use-observable.ts'
import { EventRow, RequestRow } from './entry-row.tsx'
import type { Wire } from './log.ts'

const SHOWN = 40

/** Every request that the page has made, and the events that have arrived. */
export function WirePanel({ wire }: { readonly wire: Wire }) {
  const entries = useObservable(wire.entries)
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? entries : entries.slice(0, SHOWN)
  return (
    <section class="card wire" id="wire" aria-labelledby="wire-title">
      <header>
        <h2 id="wire-title">The wire</h2>
        <button type="button" class="quiet" onClick={wire.clear}>
          Clear
        </button>
      </header>
      {entries.length === 0 ? (
        <p class="empty">Requests appear here as the devices make them</p>
      ) : (
        <ol class="scroller" aria-label="Requests and events, newest first">
          {shown.map((entry) =>
            entry.kind === 'event' ? (
              <EventRow key={entry.id} entry={entry} />
            ) : (
              <RequestRow key={entry.id} entry={entry} />
            ),
          )}
        </ol>
      )}
      {entries.length > shown.length && (
        <button type="button" class="quiet" onClick={() => setShowsAll(true)}>
          Show {entries.length - shown.length} older
        </button>
      )}
    </section>
  )
}
