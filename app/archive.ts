import { ArchivedTask } from '../core/archive.ts'
import type { Owner } from '../core/owner.ts'
import type { TaskArchive } from '../core/ports.ts'
import { createRule } from '../core/validation.ts'

const BATCH = 500

// No task takes as much, however its line is written.
const MAX_LINE_BYTES = 65_536

const LINE_FEED = 10

/** What an import has done so far. */
export interface ImportTotals {
  readonly imported: number
  readonly alreadyThere: number
}

/** Why an export or import cannot go on, in words for the person who asked for it. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'
}

const rule = createRule('task', ArchivedTask)

/**
 * Writes tasks as newline-delimited JSON, page by page: each is read once the one before has been
 * written.
 *
 * @param owner whose tasks, `null` for everybody's.
 * @param write resolves when more can be taken.
 * @param onProgress told how many are written, after each page.
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
 * Adds the tasks of newline-delimited JSON, batch by batch, each whole or not at all. Tasks that are
 * there already are left alone, so that an import that broke off can be run again. Empty lines are
 * skipped.
 *
 * @param onProgress told what was done, after each batch.
 * @throws ArchiveError at the first line that is not right; nothing of its batch is added.
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
  async function take(found: Iterable<Uint8Array>): Promise<void> {
    for (const line of found) {
      const task = readTask(line, lines.number())
      if (task !== null) batch.push(task)
      if (batch.length === BATCH) await addBatch()
    }
  }

  for await (const chunk of input) await take(lines.in(chunk))
  await take(lines.rest())
  if (batch.length > 0) await addBatch()
}

/**
 * Cuts a stream of bytes into lines, without their ends. A line that is too long comes as soon as that
 * is known, and is not to be followed by another call.
 */
function createLines() {
  let number = 0
  let rest = new Uint8Array()
  return {
    /** The number of the line that came last, from 1. */
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
      // A copy, since the source may use its bytes again.
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
    throw new ArchiveError(`line ${number}: is longer than ${MAX_LINE_BYTES} bytes`)
  const value = parse(line, number)
  if (value === undefined) return null
  if (!rule.accepts(value))
    throw new ArchiveError(`line ${number}: ${rule.problems(value).join('; ')}`)
  return value
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function parse(line: Uint8Array, number: number): unknown {
  try {
    const text = decoder.decode(line)
    return text.trim() === '' ? undefined : JSON.parse(text)
  } catch (cause) {
    const form = cause instanceof SyntaxError ? 'JSON' : 'UTF-8'
    throw new ArchiveError(`line ${number}: is not ${form}`, { cause })
  }
}
