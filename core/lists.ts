import {
  notFound,
  type Replayable,
  type RetryableRequest,
  type Send,
  sendOne,
  type WrittenItem,
} from './calling.ts'
import type { List, ListPage } from './list.ts'
import type { Owner } from './owner.ts'
import type { NewId, TaskRepository } from './ports.ts'
import { type ChangeRequest, readChange, readCreateList, readId } from './requests.ts'

/** The use cases of lists. They take input and reject like those of `TaskService`. */
export interface ListService {
  /** All lists, in their order. */
  all(owner: Owner): Promise<ListPage>
  /** @param id in any letter case. */
  get(owner: Owner, id: string): Promise<List>
  create(owner: Owner, request: RetryableRequest): Promise<Replayable<List>>
  /** Patches or moves a list. */
  change(owner: Owner, request: ChangeRequest & { op: 'patch_list' | 'move_list' }): Promise<List>
  /** Deletes a list, and moves its tasks to the trash. */
  remove(owner: Owner, request: Omit<ChangeRequest, 'op' | 'body' | 'permanent'>): Promise<void>
}

/**
 * @param deps.keepsTrash whether deleted tasks can be restored for some time.
 * @param deps.requireVersion whether changes must name the version that they expect.
 */
export function createListService(deps: {
  readonly repository: TaskRepository
  readonly send: Send
  readonly newId: NewId
  readonly keepsTrash: boolean
  readonly requireVersion: boolean
}): ListService {
  const { repository, send, newId, keepsTrash, requireVersion } = deps

  return {
    all: (owner) => repository.lists(owner),

    async get(owner, id) {
      const list = await repository.getList(owner, readId(id))
      if (list === null) throw notFound('list')
      return list
    },

    async create(owner, { body, retry, problems }) {
      const write = readCreateList(newId(), body, problems)
      const { item, replayed } = await sendOne(send, owner, write, retry)
      return { value: listIn(item), replayed }
    },

    async change(owner, request) {
      const write = readChange(request, requireVersion)
      const { item } = await sendOne(send, owner, write)
      return listIn(item)
    },

    async remove(owner, request) {
      const permanent = !keepsTrash
      const write = readChange({ ...request, op: 'delete_list', permanent }, requireVersion)
      await sendOne(send, owner, write)
    },
  }
}

/** The list after a write that does not delete it. */
function listIn(item: WrittenItem): List {
  if (!('list' in item) || item.list === null) throw new Error('A write of a list left none')
  return item.list
}
