import { readdir, readFile, writeFile } from 'node:fs/promises'

/** Resource usage of a process and its descendants. */
export interface Usage {
  readonly cpuMicroseconds: number
  readonly megabytes: number
  /** The peak since `resetPeak`. */
  readonly peakMegabytes: number
}

// The unit of CPU times in /proc, on every architecture that Bun supports.
const MICROSECONDS_PER_TICK = 10_000

/** `null` where there is no /proc, which only Linux has. */
export async function usageOf(root: number): Promise<Usage | null> {
  if (process.platform !== 'linux') return null
  let ticks = 0
  let kilobytes = 0
  let peak = 0
  for (const pid of await tree(root)) {
    const fields = await statOf(pid)
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    // Its own CPU time, and that of its terminated children.
    for (const field of fields.slice(11, 15)) ticks += Number(field)
    kilobytes += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0)
    peak += Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0)
  }
  return {
    cpuMicroseconds: ticks * MICROSECONDS_PER_TICK,
    megabytes: kilobytes / 1024,
    peakMegabytes: peak / 1024,
  }
}

export async function resetPeak(root: number): Promise<void> {
  if (process.platform !== 'linux') return
  for (const pid of await tree(root)) await writeFile(`/proc/${pid}/clear_refs`, '5')
}

/** Waits until the processes have been almost idle for half a second, at most 10 seconds. */
export async function untilIdle(roots: readonly number[]): Promise<void> {
  const used = async () => {
    const usages = await Promise.all(roots.map(usageOf))
    return usages.reduce((sum, usage) => sum + (usage?.cpuMicroseconds ?? 0), 0)
  }
  let before = await used()
  for (let half = 0; half < 20; half++) {
    await Bun.sleep(500)
    const now = await used()
    if (now - before < 50_000) return
    before = now
  }
}

export async function parentOf(pid: number): Promise<number> {
  return Number((await statOf(pid))[1])
}

async function tree(root: number): Promise<number[]> {
  const processes = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const parents = await Promise.all(
    processes.map(async (pid) => ({ pid, of: await parentOf(pid) })),
  )
  const found = [root]
  for (const parent of found) for (const { pid, of } of parents) if (of === parent) found.push(pid)
  return found
}

/** The fields of /proc/PID/stat from the third on. Empty if the process has ended. */
async function statOf(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
