import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

const { R_OK, W_OK, X_OK } = constants

/** Why this process cannot create or write the file, and what to change; `null` if it can. */
export function accessProblem(path: string): string | null {
  const file = resolve(path)
  let directory = dirname(file)
  while (!existsSync(directory)) directory = dirname(directory)
  if (!statSync(directory).isDirectory()) return `${directory} is not a directory`
  if (existsSync(file) && statSync(file).isDirectory()) return `${file} is a directory`
  const problem = denial(directory, W_OK | X_OK)
  if (problem !== null) return problem
  // SQLite writes to the files beside the database too.
  for (const name of [file, `${file}-wal`, `${file}-shm`]) {
    const denied = existsSync(name) ? denial(name, R_OK | W_OK) : null
    if (denied !== null) return denied
  }
  return null
}

function denial(path: string, mode: number): string | null {
  try {
    accessSync(path, mode)
    return null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EROFS')
      return `${path} is on a read-only file system; name another file in DATABASE_URL, for example DATABASE_URL=sqlite:/data/tasks.db`
    const uid = process.geteuid?.()
    return `permission denied: uid ${uid} cannot write to ${path}; change the owner, for example with chown ${uid} ${path}, or name another file in DATABASE_URL`
  }
}
