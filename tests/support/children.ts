import { until } from './admin.ts'

/** The ids of the running child processes. */
export async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await Bun.$`ps -o pid= --ppid ${pid}`.nothrow().quiet()
  return `${stdout}`.trim().split(/\s+/).filter(Boolean).map(Number)
}

/** Resolves once the process has that many children. */
export async function untilChildren(pid: number, count: number): Promise<number[]> {
  let children: number[] = []
  await until(async () => {
    children = await childrenOf(pid)
    return children.length === count
  })
  return children
}

/** Resolves once none of the processes runs. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  await until(async () => !pids.some(isRunning), 20_000)
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
