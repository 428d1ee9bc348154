import { expect } from 'bun:test'
import type { CountedList, List } from '../../core/list.ts'
import type { Task } from '../../core/task.ts'
import { expectWhole } from './copy.ts'
import { type Effect, effectOf, type Intent, isOfList } from './intents.ts'
import { claim, decide, expectMembers, type Known, newKnown, setMembers } from './known.ts'
import { createObservations, firstMark } from './observations.ts'

/** What the server has of one user in the end. */
export interface Stored {
  readonly live: readonly Task[]
  readonly trash: readonly Task[]
  readonly lists: readonly CountedList[]
}

// Members that no write changes except those that set them.
const OWN_MEMBERS = ['description', 'due', 'priority', 'completed', 'name', 'color']

/** Which members a write sets for certain. */
function ownMembers({ creates, members }: Effect): string[] {
  return creates === null ? members.filter((name) => OWN_MEMBERS.includes(name)) : OWN_MEMBERS
}

/** Everything that was acknowledged to any device, which must be stored in the end. */
export function createModel() {
  const tasks = new Map<string, Known>()
  const lists = new Map<string, Known>()
  const ids = new Map<string, string>()
  const originals = new Set<string>()
  const deletedContainers = new Set<string>()
  const doubtfulMarks = new Set<string>()
  const completions: Task[] = []
  const seen = createObservations()

  function known(items: Map<string, Known>, id: string, user: string): Known {
    const item = items.get(id) ?? newKnown(user)
    items.set(id, item)
    expect(item.user).toBe(user)
    return item
  }

  function recordMark(mark: string, id: string): void {
    expect(ids.get(mark) ?? id).toBe(id)
    ids.set(mark, id)
  }

  function recordCompletion(task: Task, before: number): void {
    const previous = seen.taskAt(task.id, before)
    if (!previous || previous.completed === task.completed) return
    if (!task.completed) {
      // Either the completion was taken back, or the task and its successor both stay.
      expect(task.recurrence === null || task.successor_id === null).toBe(true)
    } else if (previous.recurrence !== null) {
      if (!previous.recurrence.rule.includes('COUNT')) expect(task.successor_id).not.toBeNull()
      if (task.successor_id !== null) completions.push(task)
    }
  }

  return {
    observe: seen.task,
    observeList: seen.list,
    isOriginal: (id: string): boolean => originals.has(id),

    /** Whether a write with this mark was acknowledged. */
    isAcknowledged: (mark: string): boolean =>
      ids.has(mark) || [...tasks.values()].some(({ marks }) => marks.has(mark)),

    /** Records an acknowledged write that produced this task. `before` is the version it expected. */
    done(user: string, maker: string, before: number, task: Task, effect: Effect): void {
      seen.task(user, task)
      const model = known(tasks, task.id, user)
      if (task.version !== before) claim(model, task.id, task.version, maker)
      if (effect.creates !== null) {
        recordMark(effect.creates, task.id)
        originals.add(task.id)
      }
      for (const mark of effect.marks) model.marks.add(mark)
      if (effect.restores) decide(model, false, task.version)
      if (effect.completes) recordCompletion(task, before)
      setMembers(model, task, ownMembers(effect))
    },

    /** Records an acknowledged write that produced this list. */
    listDone(user: string, maker: string, before: number, list: List, effect: Effect): void {
      seen.list(user, list)
      const model = known(lists, list.id, user)
      if (list.version !== before) claim(model, list.id, list.version, maker)
      if (effect.creates !== null) recordMark(effect.creates, list.id)
      setMembers(model, list, ownMembers(effect))
    },

    /** Records that a mark may have been appended without an acknowledgement. */
    seen(user: string, id: string, mark: string): void {
      known(tasks, id, user).uncertain.add(mark)
    },

    /** Records that the task is permanently deleted, by any device. */
    erased(user: string, id: string): void {
      const model = known(tasks, id, user)
      model.isDeleted = true
      model.isErased = true
      deletedContainers.add(id)
    },

    /** Records an acknowledged deletion that expected this version. */
    deleted(user: string, maker: string, id: string, before: number, isPermanent: boolean): void {
      const model = known(tasks, id, user)
      claim(model, id, before + 1, maker)
      decide(model, true, before + 1)
      if (isPermanent) model.isErased = true
      deletedContainers.add(id)
    },

    /** Records that the list is deleted, by any device. */
    listDeleted(user: string, id: string): void {
      known(lists, id, user).isDeleted = true
      deletedContainers.add(id)
    },

    /** Records that a late copy of a request may still do this, although it was refused. */
    doubt(user: string, intent: Intent): void {
      if (intent.kind === 'create' || intent.kind === 'create_list') {
        doubtfulMarks.add(intent.mark)
        return
      }
      const model = known(isOfList(intent) ? lists : tasks, intent.id, user)
      if ('mark' in intent) model.uncertain.add(intent.mark)
      for (const name of [...ownMembers(effectOf(intent)), 'presence']) model.doubts.add(name)
      if (intent.kind.startsWith('delete') || intent.kind === 'erase')
        deletedContainers.add(intent.id)
    },

    /** Records that copies of a request may set this member at any later time. */
    doubtMember(user: string, id: string, name: string): void {
      known(tasks, id, user).doubts.add(name)
    },

    /** Compares the model with the server's state, once every device has finished. */
    check(user: string, { live, trash, lists: storedLists }: Stored): void {
      const liveById = new Map(live.map((task) => [task.id, task]))
      const existing = new Map([...live, ...trash].map((task) => [task.id, task]))
      expect(existing.size).toBe(live.length + trash.length)
      for (const task of existing.values()) seen.task(user, task)
      checkTasks(user, liveById, existing)
      const isDoubtful = ({ text }: Task) => doubtfulMarks.has(firstMark(text))
      const created = live.filter((task) => originals.has(task.id) && !isDoubtful(task))
      for (const of of [created.flatMap(marksIn), created.map(({ order }) => order)])
        expect(new Set<string | number>(of).size).toBe(of.length)

      const derived = [...existing.values()].filter(
        (task) => !originals.has(task.id) && !isDoubtful(task),
      )
      seen.checkSuccessors(existing, derived)
      for (const { text, successor_id } of completions) {
        const successor = existing.get(`${successor_id}`)
        if (successor) expect(`${successor.text} `).toStartWith(`${text} `)
      }
      expectWhole(liveById, new Map(storedLists.map((list) => [list.id, list])))
      checkLists(user, storedLists, live)
    },

    /** The number of tasks with acknowledged writes. */
    size: () => tasks.size,
  }

  function checkTasks(
    user: string,
    live: ReadonlyMap<string, Task>,
    existing: ReadonlyMap<string, Task>,
  ): void {
    for (const [id, model] of tasks) {
      if (model.user !== user) continue
      const isDoubtful = model.doubts.has('presence')
      if (live.has(id))
        expect({ id, isDeleted: model.isDeleted && !isDoubtful }).toEqual({ id, isDeleted: false })
      else if (!model.isDeleted && !isDoubtful)
        expect({ id, why: whyGone(id, model) }).toEqual({ id, why: expect.any(String) })
      const task = existing.get(id)
      if (!task) continue
      expectMembers(model, task)
      const found = new Set([...marksIn(task), ...task.tags])
      expect([...model.marks].filter((mark) => !found.has(mark))).toEqual([])
      // What was appended to a task may also be in those that followed it.
      const allowed = originals.has(id) ? [model] : [...tasks.values()]
      const isKnown = (mark: string) =>
        allowed.some(({ marks, uncertain }) => marks.has(mark) || uncertain.has(mark))
      expect([...found].filter((mark) => !isKnown(mark))).toEqual([])
    }
  }

  /** Why a task may be gone that was not itself deleted. */
  function whyGone(id: string, { makers }: Known): string | null {
    for (const container of seen.containersOf(id))
      if (deletedContainers.has(container)) return 'deleted with its list or parent'
    const isTouched = Math.max(1, ...makers.keys()) > 1
    return originals.has(id) || isTouched ? null : 'taken back with a completion'
  }

  function checkLists(user: string, stored: readonly CountedList[], live: readonly Task[]): void {
    const byId = new Map(stored.map((list) => [list.id, list]))
    expect(byId.size).toBe(stored.length)
    for (const [id, model] of lists) {
      if (model.user !== user) continue
      const list = byId.get(id)
      if (!model.doubts.has('presence'))
        expect({ id, isThere: list !== undefined }).toEqual({ id, isThere: !model.isDeleted })
      if (list) expectMembers(model, list)
    }
    for (const { id, name, open } of stored) {
      if (!doubtfulMarks.has(name)) expect(lists.get(id)?.user).toBe(user)
      const tasksIn = live.filter(({ list_id, completed }) => list_id === id && !completed)
      expect({ id, open }).toEqual({ id, open: tasksIn.length })
    }
    expect(new Set(stored.map(({ order }) => order)).size).toBe(stored.length)
  }
}

function marksIn({ text }: Task): string[] {
  return text.split(' ')
}

export type Model = ReturnType<typeof createModel>
