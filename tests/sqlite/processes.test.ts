import { expect, setDefaultTimeout, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann, bob } from '../conformance/stores/store.ts'
import { openMigrated, temporaryFile } from './files.ts'

setDefaultTimeout(60_000)

const SEVERAL = 300

const WRITER = fileURLToPath(import.meta.resolve('./writer.ts'))

function startWriter(path: string, first: number, count: number) {
  return Bun.spawn([process.execPath, WRITER, path, 'ann', `${first}`, `${count}`], {
    stdout: 'pipe',
    stderr: 'inherit',
  })
}

test('keeps every task that was confirmed before the process was killed', async () => {
  await using file = await temporaryFile()
  await using store = await openMigrated(file.path)
  const writer = startWriter(file.path, 0, 1_000_000)
  let output = ''
  for await (const chunk of writer.stdout) {
    output += new TextDecoder().decode(chunk)
    if (output.split('\n').length > SEVERAL) writer.kill('SIGKILL')
  }
  expect(await writer.exited).not.toBe(0)
  // The last line may be incomplete.
  const confirmed = output.split('\n').slice(0, -1).map(Number)
  const kept = new Set(await createCaller(store.repository, ann).numbers())
  expect(confirmed.length).toBeGreaterThanOrEqual(SEVERAL)
  expect(confirmed.filter((n) => !kept.has(n))).toStrictEqual([])
})

test('takes turns with other writing processes, and lists all their writes in one feed', async () => {
  await using file = await temporaryFile()
  await using store = await openMigrated(file.path, 10_000)
  const tasks = createCaller(store.repository, ann)
  const writers = [startWriter(file.path, 0, SEVERAL), startWriter(file.path, SEVERAL, SEVERAL)]
  for (let n = 0; n < SEVERAL; n++) await tasks.create(2 * SEVERAL + n)
  expect(await Promise.all(writers.map(({ exited }) => exited))).toStrictEqual([0, 0])
  expect(await tasks.list()).toMatchObject({ count: 3 * SEVERAL })
  expect(await tasks.revision()).toEndWith(`.${3 * SEVERAL}`)
  expect((await tasks.changes(null))?.changes).toHaveLength(3 * SEVERAL)
  const orders = (await tasks.list()).tasks.map(({ order }) => order)
  expect(new Set(orders).size).toBe(3 * SEVERAL)
})

test('notifies listeners of an owner when another process writes for that owner', async () => {
  await using file = await temporaryFile()
  await using store = await openMigrated(file.path)
  const tasks = createCaller(store.repository, ann)
  let notificationsOfBob = 0
  store.watch.watch(bob, () => notificationsOfBob++)
  for (const first of [0, 1]) {
    const notified = Promise.withResolvers<void>()
    const end = store.watch.watch(ann, notified.resolve)
    const writer = startWriter(file.path, first, 1)
    await notified.promise
    expect(await tasks.numbers()).toContain(first)
    end()
    expect(await writer.exited).toBe(0)
  }
  expect(notificationsOfBob).toBe(0)
})
