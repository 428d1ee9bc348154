import { expect } from 'bun:test'
import { TaskportError } from '../../core/errors.ts'
import type { TaskMaintenance } from '../../core/ports.ts'
import type { Task } from '../../core/task.ts'
import { bearer } from '../support/config.ts'
import { createDevice } from './device.ts'
import { createModel } from './model.ts'
import { createNetwork, type Send } from './network.ts'
import { createRandom } from './random.ts'

/** What the devices are tried against. */
export interface World {
  readonly send: Send
  /** Forgets everything that was deleted, as after many days; `null` where nobody can. */
  readonly purge: (() => Promise<void>) | null
  /** Does something bad to the service or its store. */
  harm(): Promise<void>
  /** From now on nothing bad happens. */
  spare(): Promise<void>
}

export interface Scale {
  readonly users: number
  readonly devices: number
  /** How many turns each device has. */
  readonly turns: number
}

/** The seed of the simulation: fixed, unless the environment names another. */
export const SEED = Number(process.env['SIMULATION_SEED'] ?? 20261121)

/**
 * Lets devices of several users work at once, over a network that loses and repeats, on a service that
 * is harmed; then lets each finish and compares all of them with the server and with what was
 * acknowledged.
 *
 * @returns how many tasks there were.
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
        return {
          user,
          authorization,
          device: createDevice({
            user,
            name,
            authorization,
            send,
            random: random.fork(),
            model,
          }),
        }
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
  // What the last of them did, the first has still to hear of.
  for (const { device } of devices) await device.finish()

  for (const { user, authorization, device } of devices) {
    const listed = await listAll(world.send, authorization)
    expect(device.tasks().toSorted(byId)).toEqual(listed.toSorted(byId))
    model.check(user, listed)
  }
  return model.size()
}

/** Forgets everything that was deleted so far, or as much as can be before the store goes away. */
export async function purgeAll(run: TaskMaintenance['run']): Promise<void> {
  const deleted = new Date(Date.now() + 60_000).toISOString()
  const retries = new Date(Date.now() - 86_400_000).toISOString()
  try {
    while (await run({ deleted, retries }));
  } catch (error) {
    if (!(error instanceof TaskportError && error.code === 'unavailable')) throw error
  }
}

async function listAll(send: Send, authorization: string): Promise<Task[]> {
  const tasks: Task[] = []
  for (let path: string | null = '/tasks?limit=7&sort=order'; path !== null; ) {
    const answer = await send({ method: 'GET', path, headers: { authorization } })
    expect(answer.status).toBe(200)
    // Safe: the answer of a list, whose shape the HTTP suite holds.
    const page = answer.body as { readonly tasks: Task[]; readonly next_cursor: string | null }
    tasks.push(...page.tasks)
    path = page.next_cursor && `/tasks?limit=7&sort=order&cursor=${page.next_cursor}`
  }
  return tasks
}

function byId(a: Task, b: Task): number {
  return a.id < b.id ? -1 : 1
}
