import { type ArchivedItem, ArchivedList, ArchivedTask } from '../core/archive.ts'
import { OperatorError, TaskportError } from '../core/errors.ts'
import type { Owner } from '../core/owner.ts'
import { ARCHIVE_SECTIONS, type TaskArchive } from '../core/ports.ts'
import { createReader } from '../core/validation.ts'

const BATCH = 500

// A batch of long tasks has fewer, so that an import stays within 100 MB of memory.
const BATCH_BYTES = 2_097_152

// No valid line is longer, even if every character is escaped.
const MAX_LINE_BYTES = 262_144

const LINE_FEED = 10

/** How many tasks and lists an import has processed so far. */
export interface ImportTotals {
  readonly imported: number
  readonly alreadyThere: number
}

const readTask = createReader('task', ArchivedTask)
const readList = createReader('list', ArchivedList)

/**
 * Writes lists, tasks and subtasks as newline-delimited JSON, one page after the other.
 *
 * @param owner whose tasks and lists to export; `null` for all users'.
 * @param write resolves when the next page can be written.
 * @param onProgress called after each page, with the total so far.
 */
export async function exportItems(
  archive: TaskArchive,
  owner: Owner | null,
  write: (lines: string) => Promise<void>,
  onProgress: (exported: number) => void,
): Promise<void> {
  let exported = 0
  for (const section of ARCHIVE_SECTIONS) {
    for (let page = await archive.read(section, owner, null); page.length > 0; ) {
      await write(page.map((item) => `${JSON.stringify(item)}\n`).join(''))
      exported += page.length
      onProgress(exported)
      page = await archive.read(section, owner, page.at(-1) ?? null)
    }
  }
}

/**
 * Adds tasks and lists from newline-delimited JSON in batches, each of them atomic. Skips those that already
 * exist, so that an interrupted import can be repeated, and empty lines.
 *
 * @param onProgress called after each batch, with the totals so far.
 * @throws OperatorError at the first invalid line or batch; nothing of its batch is added.
 */
export async function importItems(
  archive: TaskArchive,
  input: AsyncIterable<Uint8Array>,
  onProgress: (totals: ImportTotals) => void,
): Promise<void> {
  let totals: ImportTotals = { imported: 0, alreadyThere: 0 }
  let batch: ArchivedItem[] = []
  let bytes = 0
  let firstLine = 1

  async function addBatch(): Promise<void> {
    const lastLine = lines.number()
    const added = await archive.add(batch).catch((error: unknown) => {
      throw toLineError(error, firstLine, lastLine)
    })
    totals = {
      imported: totals.imported + added,
      alreadyThere: totals.alreadyThere + batch.length - added,
    }
    batch = []
    bytes = 0
    firstLine = lastLine + 1
    onProgress(totals)
  }

  const lines = createLines()
  async function addLines(found: Iterable<Uint8Array>): Promise<void> {
    for (const line of found) {
      const item = readItem(line, lines.number())
      if (item !== null) batch.push(item)
      bytes += line.length
      if (batch.length === BATCH || bytes >= BATCH_BYTES) await addBatch()
    }
  }

  for await (const chunk of input) await addLines(lines.in(chunk))
  await addLines(lines.rest())
  if (batch.length > 0) await addBatch()
}

function toLineError(error: unknown, first: number, last: number): unknown {
  if (!(error instanceof TaskportError && error.code === 'invalid')) return error
  return new OperatorError(`lines ${first} to ${last}: ${error.details.join('; ')}`, {
    cause: error,
  })
}

/**
 * Splits a stream of bytes into lines, without their line feeds. Yields a line that is too long before
 * its end has arrived; the caller must stop then.
 */
function createLines() {
  let number = 0
  let rest = new Uint8Array()
  return {
    /** The number of the last line, from 1. */
    number: () => number,

    *in(chunk: Uint8Array): Generator<Uint8Array> {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let start = 0
      for (;;) {
        const end = bytes.indexOf(LINE_FEED, start)
        if (end < 0) break
        number += 1
        yield bytes.subarray(start, end)
        start = end + 1
      }
      // A copy, because the source may reuse its buffer.
      rest = bytes.slice(start)
      if (rest.length > MAX_LINE_BYTES) yield* this.rest()
    },

    *rest(): Generator<Uint8Array> {
      number += 1
      yield rest
    },
  }
}

function readItem(line: Uint8Array, number: number): ArchivedItem | null {
  if (line.length > MAX_LINE_BYTES)
    throw new OperatorError(
      `line ${number}: is longer than ${MAX_LINE_BYTES} bytes; each line must hold one task or list`,
    )
  const value = parse(line, number)
  if (value === undefined) return null
  const problems: string[] = []
  const item = isList(value) ? readList(value, problems) : readTask(value, problems)
  if (!item) throw new OperatorError(`line ${number}: ${problems.join('; ')}`)
  return item
}

function isList(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'list'
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function parse(line: Uint8Array, number: number): unknown {
  try {
    const text = decoder.decode(line)
    return text.trim() === '' ? undefined : JSON.parse(text)
  } catch (cause) {
    const format = cause instanceof SyntaxError ? 'JSON' : 'UTF-8'
    throw new OperatorError(`line ${number}: is not valid ${format}`, { cause })
  }
}
