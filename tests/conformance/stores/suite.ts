import { describeBatches } from './batches.ts'
import { describeConcurrency } from './concurrency.ts'
import { describeDetails } from './details.ts'
import { describeFeed } from './feed.ts'
import { describeFilterSorts } from './filter-sorts.ts'
import { describeFilters } from './filters.ts'
import { describeLists } from './lists.ts'
import { describeMaintenance } from './maintenance.ts'
import { describeModel } from './model.ts'
import { describeOrder } from './order.ts'
import { describeRecurrence } from './recurrence.ts'
import { describeRecurrenceCopies } from './recurrence-copies.ts'
import { describeReferences } from './references.ts'
import { describeRetries } from './retries.ts'
import { describeSchedules } from './schedules.ts'
import { describeSearch } from './search.ts'
import type { StoreUnderTest } from './store.ts'
import { describeSubtaskTrash } from './subtask-trash.ts'
import { describeSubtasks } from './subtasks.ts'
import { describeTaskListFeed } from './task-list-feed.ts'
import { describeTaskListOrder } from './task-list-order.ts'
import { describeTaskListTrash } from './task-list-trash.ts'
import { describeTaskLists } from './task-lists.ts'
import { describeTaskRepository } from './task-repository.ts'
import { describeTokens } from './tokens.ts'
import { describeTrash } from './trash.ts'
import { describeUndo } from './undo.ts'
import { describeVersions } from './versions.ts'
import { describeWatch } from './watch.ts'

/** The behaviour of every store. */
export function describeStore(store: StoreUnderTest, options: { readonly runs: number }): void {
  describeTaskRepository(store)
  describeVersions(store)
  describeOrder(store)
  describeTrash(store)
  describeLists(store)
  describeSearch(store)
  describeFeed(store)
  describeBatches(store)
  describeRetries(store)
  describeMaintenance(store)
  describeTokens(store)
  describeWatch(store)
  describeReferences(store)
  describeSubtasks(store)
  describeSubtaskTrash(store)
  describeDetails(store)
  describeTaskLists(store)
  describeTaskListOrder(store)
  describeTaskListTrash(store)
  describeTaskListFeed(store)
  describeFilters(store)
  describeFilterSorts(store)
  describeSchedules(store)
  describeRecurrence(store)
  describeRecurrenceCopies(store)
  describeUndo(store)
  describeConcurrency(store)
  describeModel(store, options.runs)
}
