import {
  type FileState,
  inspectFile,
  libraryVersion,
  openForInspection,
} from '../adapters/sqlite/diagnosis.ts'
import { OperatorError } from '../core/errors.ts'
import type { FoundApiToken } from '../core/ports.ts'
import { type Finding, ok, problem, reasonOf, warning } from './doctor-finding.ts'
import { expectMigrated, migrationFindings } from './doctor-migrations.ts'

const MEBIBYTE = 1024 * 1024
const LITTLE_SPACE = 100 * MEBIBYTE

export async function sqliteFindings(path: string): Promise<readonly Finding[]> {
  const file = inspectFile(path)
  return [
    ...(file.exists ? await contentFindings(file.path) : [missing(file)]),
    ok('store version', `SQLite ${libraryVersion()}, a part of this program`),
    accessFinding(file),
    spaceFinding(file),
  ]
}

function missing({ path }: FileState): Finding {
  return warning(
    'store',
    `${path} does not exist yet`,
    'The start creates it. If there are tasks already, correct the path in DATABASE_URL.',
  )
}

async function contentFindings(path: string): Promise<readonly Finding[]> {
  try {
    const file = openForInspection(path)
    if (file === null) return [unreadLog(path)]
    try {
      const encoding = file.encoding()
      const migrations = await migrationFindings(file.migrations)
      return [
        ok('store', `the SQLite file ${path} can be read`),
        ok('store encoding', encoding),
        ...migrations.findings,
      ]
    } finally {
      file.close()
    }
  } catch (error) {
    return [
      problem(
        'store',
        `${path} cannot be read: ${reasonOf(error)}`,
        'Check that DATABASE_URL names a database of Taskport; if it is damaged, restore a backup.',
      ),
    ]
  }
}

/**
 * Looks up an API token by the hash of its secret.
 *
 * @throws if the file cannot be read without changing it.
 */
export async function findSqliteToken(path: string, hash: string): Promise<FoundApiToken | null> {
  if (!inspectFile(path).exists) throw new OperatorError(`${path} does not exist yet`)
  const file = openForInspection(path)
  if (file === null) throw new OperatorError(`${path}-wal has writes that are not in the file yet`)
  try {
    await expectMigrated(file.migrations)
    return file.findToken(hash)
  } finally {
    file.close()
  }
}

function unreadLog(path: string): Finding {
  return warning(
    'store',
    `${path}-wal has writes that are not in the file yet, so the file was not read`,
    'Nothing: the next start copies them into the file.',
  )
}

function accessFinding({ path, accessProblem }: FileState): Finding {
  const name = 'store rights'
  if (accessProblem === null) return ok(name, 'the file and its directory can be written')
  const [found = '', ...advice] = accessProblem.split('; ')
  return problem(
    name,
    found,
    advice.length > 0 ? `${capitalised(advice.join('; '))}.` : `Correct ${path} in DATABASE_URL.`,
  )
}

function spaceFinding({ path, freeBytes }: FileState): Finding {
  const name = 'disk space'
  const found = `${Math.floor(freeBytes / MEBIBYTE)} MiB free`
  return freeBytes >= LITTLE_SPACE
    ? ok(name, found)
    : warning(name, found, `Free space on the disk of ${path}: a full disk stops all writes.`)
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
