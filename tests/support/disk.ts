import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './background-process.ts'
import { temporaryDirectory } from './process.ts'

/** A directory that can be filled up. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string
  /** Leaves no room for the process to write more to its files there. */
  fill(pid: number): Promise<void>
  empty(pid: number): Promise<void>
}

/**
 * A small file system of its own where this process may mount one. Elsewhere a directory whose
 * files a process is not allowed to make larger.
 */
export async function smallDisk(): Promise<SmallDisk> {
  const directory = await temporaryDirectory()
  const { path } = directory
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', path]).then(
    () => true,
    () => false,
  )
  const ballast = join(path, 'ballast')

  async function fillUp(): Promise<void> {
    for (let size = 1024 * 1024; size > 0; size = Math.floor(size / 2))
      await writeFile(ballast, Buffer.alloc(size), { flag: 'a' }).catch(() => {})
  }

  async function limitFiles(pid: number): Promise<void> {
    const files = (await readdir(path)).filter((name) => !name.endsWith('-shm'))
    const sizes = await Promise.all(files.map(async (name) => (await stat(join(path, name))).size))
    await run('prlimit', [`--pid=${pid}`, `--fsize=${Math.min(...sizes)}:`])
  }

  return {
    path,
    fill: mounted ? fillUp : limitFiles,
    async empty(pid) {
      if (mounted) await rm(ballast)
      else await run('prlimit', [`--pid=${pid}`, '--fsize=unlimited:'])
    },
    async [Symbol.asyncDispose]() {
      if (mounted) await run('umount', [path])
      await directory[Symbol.asyncDispose]()
    },
  }
}
