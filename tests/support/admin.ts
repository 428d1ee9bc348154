import type { ServiceProcess } from './process.ts'

/** What a service writes when it listens, whether it can serve yet or not. */
export const LISTENING = /"port":(\d+).*"msg":"Listening"\}\n/

/** The port for operators of a service that was started with ADMIN_PORT=0. */
export interface Admin {
  send(path: string): Promise<Response>
  /** Why it is not ready; empty where it is. */
  reasons(): Promise<string[]>
  /** The samples of /metrics by their name and labels, as they are written there. */
  metrics(): Promise<ReadonlyMap<string, number>>
}

export function adminOf(service: ServiceProcess): Admin {
  const [, port] = /"admin_port":(\d+)/.exec(service.output()) ?? []
  const send = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  return {
    send,
    async reasons() {
      const response = await send('/readyz')
      const { reasons = [] }: { reasons?: string[] } = Object(await response.json())
      if (response.ok !== (reasons.length === 0)) throw new Error(`${response.status}: ${reasons}`)
      return reasons
    },
    async metrics() {
      const text = await (await send('/metrics')).text()
      return new Map(
        Array.from(text.matchAll(/^([^#\s].*) (\S+)$/gm), ([, name, value]) => [
          `${name}`,
          Number(value),
        ]),
      )
    },
  }
}

/** Asks until the answer is the one that is waited for, but not for ever. */
export async function until(condition: () => Promise<boolean>, limitMs = 10_000): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    if (await condition()) return performance.now() - startedAt
    if (performance.now() - startedAt > limitMs) throw new Error(`Not within ${limitMs} ms`)
    await Bun.sleep(10)
  }
}
