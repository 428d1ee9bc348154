import { ArchivedTask } from '../core/archive.ts'
import { OperatorError } from '../core/errors.ts'
import type { Owner } from '../core/owner.ts'
import type { TaskArchive } from '../core/ports.ts'
import { createReader } from '../core/validation.ts'

const BATCH = 500

// No valid task is longer, however its line is formatted.
const MAX_LINE_BYTES = 65_536

const LINE_FEED = 10

/** How many tasks an import has processed so far. */
export interface ImportTotals {
  readonly imported: number
  readonly alreadyThere: number
}

const readArchived = createReader('task', ArchivedTask)

/**
 * Writes tasks as newline-delimited JSON, one page after the other.
 *
 * @param owner whose tasks to export; `null` for all users'.
 * @param write resolves when the next page can be written.
 * @param onProgress called after each page, with the total so far.
 */
export async function exportTasks(
  archive: TaskArchive,
  owner: Owner | null,
  write: (lines: string) => Promise<void>,
  onProgress: (exported: number) => void,
): Promise<void> {
  let exported = 0
  for (let page = await archive.read(owner, null); page.length > 0; ) {
    await write(page.map((task) => `${JSON.stringify(task)}\n`).join(''))
    exported += page.length
    onProgress(exported)
    page = await archive.read(owner, page.at(-1) ?? null)
  }
}

/**
 * Adds tasks from newline-delimited JSON in batches, each of them atomic. Skips tasks that already
 * exist, so that an interrupted import can be repeated, and empty lines.
 *
 * @param onProgress called after each batch, with the totals so far.
 * @throws OperatorError at the first invalid line; nothing of its batch is added.
 */
export async function importTasks(
  archive: TaskArchive,
  input: AsyncIterable<Uint8Array>,
  onProgress: (totals: ImportTotals) => void,
): Promise<void> {
  let totals: ImportTotals = { imported: 0, alreadyThere: 0 }
  let batch: ArchivedTask[] = []

  async function addBatch(): Promise<void> {
    const added = await archive.add(batch)
    totals = {
      imported: totals.imported + added,
      alreadyThere: totals.alreadyThere + batch.length - added,
    }
    batch = []
    onProgress(totals)
  }

  const lines = createLines()
  async function addLines(found: Iterable<Uint8Array>): Promise<void> {
    for (const line of found) {
      const task = readTask(line, lines.number())
      if (task !== null) batch.push(task)
      if (batch.length === BATCH) await addBatch()
    }
  }

  for await (const chunk of input) await addLines(lines.in(chunk))
  await addLines(lines.rest())
  if (batch.length > 0) await addBatch()
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

function readTask(line: Uint8Array, number: number): ArchivedTask | null {
  if (line.length > MAX_LINE_BYTES)
    throw new OperatorError(
      `line ${number}: is longer than ${MAX_LINE_BYTES} bytes; each line must hold one task`,
    )
  const value = parse(line, number)
  if (value === undefined) return null
  const problems: string[] = []
  const task = readArchived(value, problems)
  if (!task) throw new OperatorError(`line ${number}: ${problems.join('; ')}`)
  return task
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
