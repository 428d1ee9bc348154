import {
  type CallEffect,
  NEW_OWNER,
  type OwnerRecord,
  type OwnerState,
  type RememberedCall,
} from '../../core/calls.ts'
import type { OrderKey } from '../../core/order.ts'
import type { Task } from '../../core/task.ts'
import type { OpenFile } from './connection.ts'
import { findList, readLists, storeList } from './list-rows.ts'
import { COLUMNS, LIVE_BY_KEY, type Row, toTask, VALUE } from './rows.ts'
import { storeTask } from './store-task.ts'

const RECORD = 'select epoch, sequence, horizon, live, top from owners where user_id = ?'

const FIND = `select ${COLUMNS} from tasks where user_id = ? and id = ? and erased = 0`

function neighbours(direction: 'asc' | 'desc', from: string): string {
  return `
    select ${COLUMNS} from tasks indexed by tasks_order
    where user_id = ${VALUE} and erased = 0 ${from}
    order by "order" ${direction}, id ${direction} limit ${VALUE}`
}

const AFTER = `and ("order", id) > (${VALUE}, ${VALUE})`
const BEFORE = `and ("order", id) < (${VALUE}, ${VALUE})`
const FOLLOWING = { all: neighbours('asc', ''), beyond: neighbours('asc', AFTER) }
const PRECEDING = { all: neighbours('desc', ''), beyond: neighbours('desc', BEFORE) }

const COMPLETED = `
  select ${COLUMNS} from tasks where user_id = ? and ${LIVE_BY_KEY} and completed = 1
  order by parent_id is not null, id
  limit ?`

const SUBTASKS = `
  select ${COLUMNS} from tasks indexed by tasks_parent
  where user_id = ? and parent_id in (select value from json_each(?)) and erased = 0`

const IN_LIST = `
  select ${COLUMNS} from tasks where user_id = ? and ${LIVE_BY_KEY} and list_id = ?`

const REMEMBERED = `
  select fingerprint, made_at, outcomes from remembered_calls where user_id = ? and key = ?`

const INSERT_OWNER = `
  insert into owners (epoch, sequence, horizon, live, top, user_id) values (?, ?, ?, ?, ?, ?)`

const UPDATE_OWNER = `
  update owners set epoch = ?, sequence = ?, horizon = ?, live = ?, top = ? where user_id = ?`

const REMEMBER = `
  insert or replace into remembered_calls (user_id, key, fingerprint, made_at, outcomes)
  values (?, ?, ?, ?, ?)`

export function readRecord(file: OpenFile, owner: string): OwnerRecord {
  return file.statement<OwnerRecord, [string]>(RECORD).get(owner) ?? NEW_OWNER
}

/** The state of an owner, read within a transaction. */
export function readOwner(file: OpenFile, owner: string): OwnerState {
  function near(
    { all, beyond }: typeof FOLLOWING,
    position: OrderKey | null,
    count: number,
  ): Task[] {
    const rows = position
      ? file
          .statement<Row, [string, number, string, number]>(beyond)
          .all(owner, position.order, position.id, count)
      : file.statement<Row, [string, number]>(all).all(owner, count)
    return rows.map(toTask)
  }

  return {
    record: readRecord(file, owner),
    tasks: {
      find(id) {
        const row = file.statement<Row, [string, string]>(FIND).get(owner, id)
        return row && toTask(row)
      },
      following: (position, count) => near(FOLLOWING, position, count),
      preceding: (position, count) => near(PRECEDING, position, count),
      completed: (count) =>
        file.statement<Row, [string, number]>(COMPLETED).all(owner, count).map(toTask),
      subtasks: (parents) =>
        file
          .statement<Row, [string, string]>(SUBTASKS)
          .all(owner, JSON.stringify(parents))
          .map(toTask),
      inList: (list) => file.statement<Row, [string, string]>(IN_LIST).all(owner, list).map(toTask),
    },
    lists: {
      find: (id) => findList(file, owner, id),
      all: () => readLists(file, owner),
    },
    remembered: (key) => readCall(file, owner, key),
  }
}

function readCall(file: OpenFile, owner: string, key: string): RememberedCall | null {
  const row = file
    .statement<{ fingerprint: string; made_at: string; outcomes: string }, [string, string]>(
      REMEMBERED,
    )
    .get(owner, key)
  if (!row) return null
  const { fingerprint, made_at: madeAt } = row
  // The text that `storeEffect` wrote.
  const outcomes = JSON.parse(row.outcomes) as RememberedCall['outcomes']
  return { key, fingerprint, madeAt, outcomes }
}

/** Stores the effect of a call, in the transaction that read the owner. */
export function storeEffect(
  file: OpenFile,
  owner: string,
  before: OwnerRecord,
  { record, taskChanges, listChanges, remember }: Omit<CallEffect, 'result'>,
): void {
  const { epoch, sequence, horizon, live, top } = record
  for (const change of taskChanges) storeTask(file, owner, sequence, change)
  for (const change of listChanges) storeList(file, owner, sequence, change)
  if (record !== before)
    file
      .statement(before.epoch === '' ? INSERT_OWNER : UPDATE_OWNER)
      .run(epoch, sequence, horizon, live, top, owner)
  if (remember) {
    const { key, fingerprint, madeAt, outcomes } = remember
    file.statement(REMEMBER).run(owner, key, fingerprint, madeAt, JSON.stringify(outcomes))
  }
}
