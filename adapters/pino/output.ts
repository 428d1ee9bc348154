import { write, writeSync } from 'node:fs'

const DESCRIPTORS = { stdout: 1, stderr: 2 }
const CHUNK_LENGTH = 64_000
const MAX_DELAY_MS = 200
const RETRY_AFTER_MS = 100
// Bounds the memory if the reader stalls.
const MAX_PENDING_LENGTH = 4 * 1024 * 1024

/** Standard output, or standard error, as a destination of pino. */
export interface Output {
  write(line: string): void
  /** Calls back when everything so far was written or dropped. */
  flush(done: () => void): void
}

/**
 * Writes lines to standard output in chunks, one chunk at a time, in a thread. Lines that cannot be
 * written are dropped. Replaces pino's own destination, which at exit retries a failed write forever.
 */
export function openOutput(to: keyof typeof DESCRIPTORS): Output {
  const descriptor = DESCRIPTORS[to]
  let pending = ''
  let isWriting = false
  let isLineBroken = false
  let flushes: (() => void)[] = []

  function writePending(): void {
    if (isWriting) return
    if (pending === '') {
      const finished = flushes
      flushes = []
      for (const done of finished) done()
      return
    }
    const bytes = takePending()
    isWriting = true
    writeChunk(bytes)
  }

  function takePending(): Buffer {
    const bytes = Buffer.from(isLineBroken ? `\n${pending}` : pending)
    pending = ''
    isLineBroken = false
    return bytes
  }

  function writeChunk(bytes: Buffer, start = 0): void {
    write(descriptor, bytes, start, (error, written) => {
      // The output is in non-blocking mode, and its reader is slow.
      if (error?.code === 'EAGAIN') {
        setTimeout(writeChunk, RETRY_AFTER_MS, bytes, start)
        return
      }
      const end = error ? start : start + written
      if (!error && end < bytes.length) return writeChunk(bytes, end)
      // A full disk may have taken only a part of a line.
      isLineBroken = end > 0 && bytes[end - 1] !== 0x0a
      isWriting = false
      if (flushes.length > 0 || pending.length >= CHUNK_LENGTH) writePending()
    })
  }

  setInterval(writePending, MAX_DELAY_MS).unref()
  process.on('exit', () => {
    // If a write is still in progress, the reader has stalled, and another write would block the exit.
    if (isWriting || pending === '') return
    try {
      writeSync(descriptor, takePending())
    } catch {}
  })

  return {
    write(line) {
      if (pending.length + line.length > MAX_PENDING_LENGTH) return
      pending += line
      if (pending.length >= CHUNK_LENGTH) writePending()
    },
    flush(done) {
      flushes.push(done)
      writePending()
    },
  }
}
