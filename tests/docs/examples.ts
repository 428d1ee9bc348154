import { expect } from 'bun:test'

/** What differs each time that an example runs: times, and the version of the service. */
const VARIABLE = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z|(?<="version":")[\d.]+/g
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/
const LIST_TAG = /l[0-9a-f]{8}\.\d+/
const CURSOR = /(?<=cursor=|"next_cursor":"|id: )[\w-]{40,}/
/** What also differs, but keeps its meaning from one example to the next. */
const NAMES = new RegExp([UUID, LIST_TAG, CURSOR].map(({ source }) => source).join('|'), 'g')

/** What the names that a page shows are called while its examples run. */
export function createNames() {
  const actualOf = new Map<string, string>()
  return {
    /** A text of the page with the names of this run. */
    actual: (text: string) => text.replace(NAMES, (shown) => actualOf.get(shown) ?? shown),
    /**
     * Compares what a page shows with what came. A name that was not shown before stands for the one in
     * its place.
     */
    compare(shown: string, came: string): void {
      const names = came.match(NAMES) ?? []
      for (const [index, name] of (shown.match(NAMES) ?? []).entries())
        if (!actualOf.has(name)) actualOf.set(name, names[index] ?? name)
      expect(came.replace(VARIABLE, '…')).toBe(this.actual(shown).replace(VARIABLE, '…'))
    },
  }
}

/** A JSON text without its layout. */
export function compact(json: string): string {
  return JSON.stringify(JSON.parse(json))
}

/** The blocks of server-sent events at the beginning of a stream, without the interval for retries. */
export async function readEvents(response: Response, blocks: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true })
    if (text.split('\n\n').length > blocks) break
  }
  return withoutInterval(text.split('\n\n').slice(0, blocks).join('\n\n'))
}

/** The interval is chosen at random. */
export function withoutInterval(events: string): string {
  return events.replace(/^retry: \d+/, 'retry: …')
}
