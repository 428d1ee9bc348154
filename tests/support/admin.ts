import type { ServiceProcess } from './process.ts'

/** The log line of a service that listens, even if it cannot serve requests yet. */
export const LISTENING = /"port":(\d+).*"msg":"Listening"\}\n/

/** The admin port of a service that was started with ADMIN_PORT=0. */
export interface Admin {
  send(path: string): Promise<Response>
  /** Why the service is not ready. Empty if it is ready. */
  reasons(): Promise<string[]>
  /** The samples of /metrics, keyed by name and labels as printed there. */
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

/** Polls until the condition holds. Returns how long that took. */
export async function until(condition: () => Promise<boolean>, limitMs = 10_000): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    if (await condition()) return performance.now() - startedAt
    if (performance.now() - startedAt > limitMs) throw new Error(`Not within ${limitMs} ms`)
    await Bun.sleep(10)
  }
}
