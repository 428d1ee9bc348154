import { expect } from 'bun:test'

/** Values that are ignored: times, and the version of the service. */
const VARIABLE = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z|(?<="version":")[\d.]+/g
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/
const LIST_TAG = /l[st][0-9a-f]{8}\.\d+/
const CURSOR = /(?<=cursor=|"next_cursor":"|id: )[\w-]{40,}/
const API_TOKEN = /tp_[0-9A-Za-z]{49}/
/** Values that differ from run to run, but must be consistent within one run. */
const NAMES = new RegExp(
  [UUID, LIST_TAG, CURSOR, API_TOKEN].map(({ source }) => source).join('|'),
  'g',
)

/** Maps the ids, tags and cursors that a page shows to those of this run. */
export function createNames() {
  const actualOf = new Map<string, string>()
  return {
    /** Replaces the names in a text of the page. */
    actual: (text: string) => text.replace(NAMES, (shown) => actualOf.get(shown) ?? shown),
    /** Compares a response with the page. A new name of the page maps to the one in the same place. */
    compare(shown: string, received: string): void {
      const names = received.match(NAMES) ?? []
      for (const [index, name] of (shown.match(NAMES) ?? []).entries())
        if (!actualOf.has(name)) actualOf.set(name, names[index] ?? name)
      expect(received.replace(VARIABLE, '…')).toBe(this.actual(shown).replace(VARIABLE, '…'))
    },
  }
}

/** A JSON text without its layout. */
export function compact(json: string): string {
  return JSON.stringify(JSON.parse(json))
}

/** Reads the first blocks of an event stream, without the retry interval. */
export async function readEvents(response: Response, blocks: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true })
    if (text.split('\n\n').length > blocks) break
  }
  return withoutInterval(text.split('\n\n').slice(0, blocks).join('\n\n'))
}

/** The retry interval is random. */
export function withoutInterval(events: string): string {
  return events.replace(/^retry: \d+/, 'retry: …')
}
