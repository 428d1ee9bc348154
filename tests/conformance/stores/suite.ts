import { describeBatches } from './batches.ts'
import { describeConcurrency } from './concurrency.ts'
import { describeFeed } from './feed.ts'
import { describeLists } from './lists.ts'
import { describeMaintenance } from './maintenance.ts'
import { describeModel } from './model.ts'
import { describeOrder } from './order.ts'
import { describeRetries } from './retries.ts'
import { describeSearch } from './search.ts'
import type { StoreUnderTest } from './store.ts'
import { describeTaskRepository } from './task-repository.ts'
import { describeTokens } from './tokens.ts'
import { describeTrash } from './trash.ts'
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
  describeConcurrency(store)
  describeModel(store, options.runs)
}
