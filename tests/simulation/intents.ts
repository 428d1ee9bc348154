import type { List } from '../../core/list.ts'
import type { Task, TaskPatch } from '../../core/task.ts'
import type { Random } from './random.ts'

type Place = Readonly<Record<string, string>>

/** A change that a user made on a device, waiting to be sent. */
export type Intent =
  | { readonly kind: 'create'; readonly mark: string; readonly members: TaskPatch }
  | { readonly kind: 'append' | 'tag'; readonly id: string; readonly mark: string }
  | { readonly kind: 'set' | 'recur'; readonly id: string; readonly members: TaskPatch }
  | { readonly kind: 'place' | 'nest'; readonly id: string; readonly members: TaskPatch }
  | { readonly kind: 'complete'; readonly id: string; readonly completed: boolean }
  | { readonly kind: 'delete' | 'erase' | 'restore'; readonly id: string }
  | { readonly kind: 'move'; readonly id: string; readonly place: Place }
  | { readonly kind: 'create_list'; readonly mark: string }
  | {
      readonly kind: 'patch_list'
      readonly id: string
      readonly members: Partial<Pick<List, 'name' | 'color'>>
    }
  | { readonly kind: 'delete_list'; readonly id: string }
  | { readonly kind: 'move_list'; readonly id: string; readonly place: Place }

/** What a write does, by which it is checked. */
export interface Effect {
  /** The first mark of what it creates; `null` for a change. */
  readonly creates: string | null
  /** The marks that are in the text or the tags after it. */
  readonly marks: readonly string[]
  /** The members that it sets. */
  readonly members: readonly string[]
  readonly restores: boolean
  readonly completes: boolean
}

/** What a device knows. */
export interface Copy {
  readonly tasks: ReadonlyMap<string, Task>
  readonly lists: ReadonlyMap<string, List>
  /** Tasks that this device deleted. */
  readonly deleted: readonly string[]
}

// A text may contain this many marks, and a task may have this many tags.
const MAX_MARKS = 20

const RULES = ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,TH', 'FREQ=MONTHLY;COUNT=2', 'FREQ=DAILY']

export function isOfList({ kind }: Intent): boolean {
  return kind.endsWith('_list')
}

/**
 * Decides what the user does next; `null` for nothing.
 *
 * @param isOriginal whether a device created the task: it is neither a successor nor a copy.
 */
export function createUser(
  random: Random,
  newMark: () => string,
  isOriginal: (id: string) => boolean,
) {
  function placeAmong(items: ReadonlyMap<string, unknown>, own: string): Place {
    const neighbor = random.pick([...items.keys()].filter((id) => id !== own))
    if (neighbor === undefined || random.chance(0.3))
      return { to: random.chance(0.5) ? 'top' : 'bottom' }
    return random.chance(0.5) ? { before: neighbor } : { after: neighbor }
  }

  function someDue(): string {
    const two = (limit: number) => `${1 + random.below(limit)}`.padStart(2, '0')
    const day = `${2026 + random.below(3)}-${two(12)}-${two(28)}`
    return random.chance(0.5) ? day : `${day}T${two(23)}:${two(59)}`
  }

  function someRecurrence(): TaskPatch {
    const rule = random.pick(RULES) ?? ''
    const from = random.chance(0.7) ? 'due' : 'completion'
    return { due: someDue(), recurrence: { rule, from } }
  }

  function listId({ lists }: Copy): string | null {
    return random.pick([null, ...lists.keys()]) ?? null
  }

  function newTask(copy: Copy): Intent {
    const parent = random.pick([...copy.tasks.values()].filter((task) => task.parent_id === null))
    const members: TaskPatch =
      parent && random.chance(0.3)
        ? { parent_id: parent.id }
        : { list_id: listId(copy), ...(random.chance(0.4) ? someRecurrence() : {}) }
    return { kind: 'create', mark: newMark(), members }
  }

  function someMembers(): TaskPatch {
    switch (random.below(4)) {
      case 0:
        return { description: random.chance(0.8) ? newMark() : null }
      case 1:
        return { priority: random.pick(['none', 'low', 'medium', 'high'] as const) ?? 'none' }
      case 2:
        return { due: random.chance(0.8) ? someDue() : null }
      default:
        return { due: `${someDue().slice(0, 10)}T09:30`, time_zone: 'Europe/Berlin' }
    }
  }

  /** Sets or clears the parent. Only originals get one, so that copies are told apart by their first mark. */
  function nest(task: Task, { tasks }: Copy): Intent | null {
    const { id } = task
    if (task.parent_id !== null) return { kind: 'nest', id, members: { parent_id: null } }
    const parent = random.pick(
      [...tasks.values()].filter((one) => one.parent_id === null && one.id !== id),
    )
    if (!parent || !isOriginal(id)) return null
    const { list_id } = parent
    const members = { parent_id: parent.id, ...(random.chance(0.7) ? { list_id } : {}) }
    return { kind: 'nest', id, members }
  }

  function changeList(copy: Copy): Intent {
    const list = random.pick([...copy.lists.values()])
    if (!list || (copy.lists.size < 5 && random.chance(0.3)))
      return { kind: 'create_list', mark: newMark() }
    const { id } = list
    switch (random.below(6)) {
      case 0:
        return { kind: 'delete_list', id }
      case 1:
      case 2:
        return { kind: 'move_list', id, place: placeAmong(copy.lists, id) }
      case 3:
        return {
          kind: 'patch_list',
          id,
          members: { color: random.pick([null, '#1e90ff']) ?? null },
        }
      default:
        return { kind: 'patch_list', id, members: { name: newMark() } }
    }
  }

  return function decide(copy: Copy): Intent | null {
    const { tasks, deleted } = copy
    const task = random.pick([...tasks.values()])
    const what = random.below(32)
    if (what < 3) return changeList(copy)
    if (!task || what < 8) return newTask(copy)
    const { id } = task
    if (what < 12) return { kind: 'append', id, mark: newMark() }
    if (what < 13) return { kind: 'tag', id, mark: newMark() }
    if (what < 15) return { kind: 'set', id, members: someMembers() }
    if (what < 20) return { kind: 'complete', id, completed: !task.completed }
    if (what < 22) return { kind: 'place', id, members: { list_id: listId(copy) } }
    if (what < 24) return nest(task, copy)
    if (what < 25) return { kind: 'recur', id, members: someRecurrence() }
    if (what < 27) return { kind: 'delete', id }
    if (what < 28) return { kind: 'move', id, place: placeAmong(tasks, id) }
    const gone = random.pick(deleted)
    if (gone !== undefined && random.chance(0.8)) return { kind: 'restore', id: gone }
    return random.chance(0.3) ? { kind: 'erase', id } : null
  }
}

/** What a write for an intent does. */
export function effectOf(intent: Intent): Effect {
  const { kind } = intent
  const mark = 'mark' in intent ? intent.mark : null
  return {
    creates: kind === 'create' || kind === 'create_list' ? mark : null,
    marks: mark === null || kind === 'create_list' ? [] : [mark],
    members:
      'members' in intent ? Object.keys(intent.members) : kind === 'complete' ? ['completed'] : [],
    restores: kind === 'restore',
    completes: kind === 'complete',
  }
}

/** Whether an intent still makes sense for a task as the device knows it. */
export function isSensible(intent: Intent, task: Task): boolean {
  switch (intent.kind) {
    case 'append':
      return task.text.split(' ').length < MAX_MARKS
    case 'tag':
      return task.tags.length < MAX_MARKS
    case 'place':
      return task.parent_id === null
    // Subtasks do not recur, so that each copy of a subtask is a copy of another one.
    case 'nest':
      return (
        intent.members.parent_id === null ||
        (task.recurrence === null && task.successor_id === null)
      )
    // A task that had a successor never recurs again, so that each task has at most one successor.
    case 'recur':
      return !task.completed && task.successor_id === null && task.parent_id === null
    default:
      return true
  }
}

/** The body of the request for an intent. */
export function bodyOf(intent: Intent, task: Task | undefined): object | undefined {
  switch (intent.kind) {
    case 'create':
      return { text: intent.mark, ...intent.members }
    case 'append':
      return { text: `${task?.text} ${intent.mark}` }
    case 'tag':
      return { tags: [...(task?.tags ?? []), intent.mark] }
    case 'set':
    case 'recur':
    case 'place':
    case 'nest':
    case 'patch_list':
      return intent.members
    case 'complete':
      return { completed: intent.completed }
    case 'create_list':
      return { name: intent.mark }
    case 'move':
    case 'move_list':
      return intent.place
    default:
      return undefined
  }
}

const PATCHES = ['append', 'tag', 'set', 'recur', 'place', 'nest', 'complete']

/** The operation of a batch for an intent. */
export function operationName({ kind }: Intent): string {
  return PATCHES.includes(kind) ? 'patch' : kind
}
