import { expect } from 'bun:test'
import { TaskportError } from '../../core/errors.ts'
import type { CountedList } from '../../core/list.ts'
import type { TaskMaintenance } from '../../core/ports.ts'
import type { Task } from '../../core/task.ts'
import { bearer } from '../support/config.ts'
import { createCaller } from './caller.ts'
import { createDevice } from './device.ts'
import { createModel } from './model.ts'
import { createNetwork, type Send } from './network.ts'
import { createRandom } from './random.ts'

/** The service under test and the ways to harm it. */
export interface World {
  readonly send: Send
  /** Purges all deleted tasks, as after many days. `null` if that is not possible. */
  readonly purge: (() => Promise<void>) | null
  /** Harms the service or its store. */
  harm(): Promise<void>
  /** Stops harming the service. */
  spare(): Promise<void>
}

export interface Scale {
  readonly users: number
  readonly devices: number
  /** The number of turns of each device. */
  readonly turns: number
}

/** The seed of the simulation. SIMULATION_SEED overrides it. */
export const SEED = Number(process.env['SIMULATION_SEED'] ?? 20261121)

/**
 * Runs devices of several users at once, over an unreliable network, against a service that is
 * harmed. Then lets each device finish, and compares all of them with the server and the model.
 *
 * @returns the number of tasks.
 */
export async function simulate(world: World, scale: Scale, seed: number): Promise<number> {
  const random = createRandom(seed)
  const model = createModel()
  const network = createNetwork(world.send, random.fork())
  const users = Array.from({ length: scale.users }, (_, n) => `user${n}`)
  const devices = await Promise.all(
    users.flatMap((user) =>
      Array.from({ length: scale.devices }, async (_, n) => {
        const { authorization } = await bearer(user)
        const name = `d${n}`
        const send = network.send
        const options = { user, name, authorization, send, random: random.fork(), model }
        // The last one has no store of the client.
        const isCaller = n === scale.devices - 1
        const device = isCaller ? createCaller(options) : await createDevice(options)
        return { user, authorization, device }
      }),
    ),
  )

  const rounds = random.fork()
  for (let turn = 0; turn < scale.turns; turn++) {
    const turns = devices.map(({ device }) => device.turn())
    if (rounds.chance(0.05)) turns.push(world.harm())
    if (rounds.chance(0.02) && world.purge) turns.push(world.purge())
    await Promise.all(turns)
  }

  await world.spare()
  await network.calmDown()
  for (const { device } of devices) await device.finish()
  // The first devices have not read the last changes of the others yet.
  for (const { device } of devices) await device.finish()

  for (const { user, authorization, device } of devices) {
    const live = await listAll(world.send, authorization, '')
    const trash = await listAll(world.send, authorization, '&deleted=only')
    const lists = await listLists(world.send, authorization)
    expect(device.tasks().toSorted(byId)).toEqual(live.toSorted(byId))
    const uncounted = lists.map(({ open: _, ...list }) => list)
    expect(device.lists().toSorted(byId)).toEqual(uncounted.toSorted(byId))
    model.check(user, { live, trash, lists })
  }
  return model.size()
}

/** Purges all deleted tasks, or as many as possible before the store fails. */
export async function purgeAll(run: TaskMaintenance['run']): Promise<void> {
  const deleted = new Date(Date.now() + 60_000).toISOString()
  const retries = new Date(Date.now() - 86_400_000).toISOString()
  try {
    while (await run({ deleted, retries }));
  } catch (error) {
    if (!(error instanceof TaskportError && error.code === 'unavailable')) throw error
  }
}

async function listAll(send: Send, authorization: string, filter: string): Promise<Task[]> {
  const tasks: Task[] = []
  const first = `/tasks?limit=7&sort=order${filter}`
  for (let path: string | null = first; path !== null; ) {
    const answer = await send({ method: 'GET', path, headers: { authorization } })
    expect(answer.status).toBe(200)
    // Safe: the response of a list, whose shape the HTTP suite checks.
    const page = answer.body as { readonly tasks: Task[]; readonly next_cursor: string | null }
    tasks.push(...page.tasks)
    path = page.next_cursor && `${first}&cursor=${page.next_cursor}`
  }
  return tasks
}

async function listLists(send: Send, authorization: string): Promise<readonly CountedList[]> {
  const { status, body } = await send({ method: 'GET', path: '/lists', headers: { authorization } })
  expect(status).toBe(200)
  // Safe: the response of the lists, whose shape the HTTP suite checks.
  return (body as { readonly lists: readonly CountedList[] }).lists
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}
