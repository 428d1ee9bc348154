import { afterAll } from 'bun:test'

const actions: (() => Promise<unknown>)[] = []

/**
 * Runs `action` once, after the last test of the last file, to release what test files share.
 * Actions run in reverse order. bunfig.toml preloads this module, so its hook belongs to no file.
 */
export function afterTestRun(action: () => Promise<unknown>): void {
  actions.push(action)
}

afterAll(async () => {
  for (const action of actions.splice(0).reverse()) await action()
}, 30_000)
