import type { ArchivedItem, ArchivedKey } from '../../../core/archive.ts'
import type { Owner } from '../../../core/owner.ts'
import { ARCHIVE_SECTIONS, type ArchiveSection, type TaskArchive } from '../../../core/ports.ts'
import type { Task } from '../../../core/task.ts'
import { taskNumber } from './store.ts'

// More than one page of any store.
export const MANY = 1203

/** Reads all pages of a section. */
export async function readSection(
  archive: TaskArchive,
  section: ArchiveSection,
  owner: Owner | null,
): Promise<ArchivedItem[]> {
  const read: ArchivedItem[] = []
  for (;;) {
    const page = await archive.read(section, owner, read.at(-1) ?? null)
    if (page.length === 0) return read
    read.push(...page)
  }
}

/** Reads all sections, in the order of the file. */
export async function readAll(archive: TaskArchive, owner: Owner | null): Promise<ArchivedItem[]> {
  const sections: ArchivedItem[][] = []
  for (const section of ARCHIVE_SECTIONS) sections.push(await readSection(archive, section, owner))
  return sections.flat()
}

export function numbers(count: number, from: number): Task[] {
  return Array.from({ length: count }, (_, n) => taskNumber(from + n))
}

export function byKey(a: ArchivedKey, b: ArchivedKey): number {
  const [left, right] = [a, b].map(({ user_id, id }) => `${user_id}\0${id}`)
  return `${left}` < `${right}` ? -1 : 1
}
