import { afterAll } from 'bun:test'

const actions: (() => Promise<unknown>)[] = []

/**
 * Has `action` done once, after the last test of the last file: for what test files share.
 * The latest comes first. This module is preloaded (bunfig.toml), hence its hook belongs to no file.
 */
export function afterTestRun(action: () => Promise<unknown>): void {
  actions.push(action)
}

afterAll(async () => {
  for (const action of actions.splice(0).reverse()) await action()
}, 30_000)
