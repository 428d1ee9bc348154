import { Database } from 'bun:sqlite'
import { open, readFile } from 'node:fs/promises'

/**
 * Overwrites with zeros a page of the database that holds a text and no text that others have. The
 * database must be closed.
 *
 * @param text occurs in the rows to damage.
 * @param others do not occur in the page.
 */
export async function damagePage(path: string, text: string, others: readonly string[]) {
  // Copies the log to the file.
  {
    using database = new Database(path)
    database.run('pragma wal_checkpoint(truncate)')
  }
  const bytes = await readFile(path)
  const size = bytes.readUInt16BE(16)
  for (let start = size; start < bytes.length; start += size) {
    const page = bytes.subarray(start, start + size)
    // Leaves of a table without rowid (sqlite.org/fileformat2.html#b_tree_pages) that are full.
    const isLeaf = page[0] === 0x0a
    if (!isLeaf || !page.includes(text) || others.some((other) => page.includes(other))) continue
    await using file = await open(path, 'r+')
    await file.write(Buffer.alloc(size), 0, size, start)
    return
  }
  throw new Error(`No page holds only rows with ${text}`)
}
