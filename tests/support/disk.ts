import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './background-process.ts'
import { temporaryDirectory } from './process.ts'

/** A directory that can be filled up. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string
  /** Leaves the process no room to write to its files there. */
  fill(pid: number): Promise<void>
  free(pid: number): Promise<void>
}

/**
 * Creates a small file system if this process may mount one. Otherwise a directory in which `fill`
 * limits the size of the files that the process may write.
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
    async free(pid) {
      if (mounted) await rm(ballast)
      else await run('prlimit', [`--pid=${pid}`, '--fsize=unlimited:'])
    },
    async [Symbol.asyncDispose]() {
      if (mounted) await run('umount', [path])
      await directory[Symbol.asyncDispose]()
    },
  }
}
