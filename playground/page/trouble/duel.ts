import type { OfflineTask } from '../../../client/offline/types.ts'
import type { TaskPatch } from '../../../client/taskport.ts'
import type { Device } from '../device/open-device.ts'
import { dayFromNow } from '../format.ts'
import { until } from './settled.ts'

/** What two devices did to the same task, and what became of it. */
export interface Duel {
  readonly before: string
  readonly edits: readonly { readonly device: string; readonly members: TaskPatch }[]
  /** The task as both devices have it in the end. */
  readonly after: OfflineTask
}

const WAIT_MS = 60_000
const FIRST_TEXT = 'Buy bread'

/** Edits one task on both devices while neither knows of the other, and waits until both agree. */
export async function editOnBoth(devices: readonly [Device, Device]): Promise<Duel> {
  const signal = AbortSignal.timeout(WAIT_MS)
  const [laptop, phone] = devices
  const id = await sharedTask(devices, signal)
  const before = laptop.store.task(id).get()?.text ?? FIRST_TEXT
  const edits = [
    { device: laptop, members: { text: `${before} (by noon)`, priority: 'high' } },
    { device: phone, members: { text: `Today: ${before}`, due: dayFromNow(new Date(), 0) } },
  ] as const
  for (const { store } of devices) store.pause()
  try {
    for (const { device, members } of edits) await device.store.updateTask(id, members)
  } finally {
    for (const { store, isOnline } of devices) if (isOnline.get()) store.resume()
  }
  const versionOf = (device: Device) => device.store.task(id).get()?.version
  const agree = () =>
    versionOf(laptop) === versionOf(phone) &&
    devices.every(({ store }) => store.waiting().get().length === 0)
  const observed = devices.flatMap(({ store }) => [store.task(id), store.waiting()])
  await until(observed, agree, signal)
  const after = laptop.store.task(id).get()
  if (after === null) throw new Error('The task was deleted in the meantime')
  return {
    before,
    edits: edits.map(({ device, members }) => ({ device: device.name, members })),
    after,
  }
}

/** The id of an open task that both devices have. Creates one if there is none. */
async function sharedTask([laptop, phone]: readonly [Device, Device], signal: AbortSignal) {
  const open = laptop.store.tasks({ completed: false, parent: 'none', sort: 'order' })
  const known = open.get().find(({ id }) => phone.store.task(id).get() !== null)
  if (known) return known.id
  const created = await laptop.store.createTask({ text: FIRST_TEXT })
  const currentId = () => laptop.store.task(created.id).get()?.id ?? created.id
  const isShared = () => phone.store.task(currentId()).get() !== null
  await until([laptop.store.tasks(), phone.store.tasks()], isShared, signal)
  return currentId()
}
