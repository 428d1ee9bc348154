import { afterAll, beforeAll, describe } from 'bun:test'
import { createClient } from '../client.ts'
import type { ServiceUnderTest } from '../service.ts'
import { describeModelBatches } from './batches.ts'
import { describeModelFeed } from './feed.ts'
import { describeFilters } from './filters.ts'
import { describeModelIsolation } from './isolation.ts'
import { describeLimits } from './limits.ts'
import { describeListErrors } from './list-errors.ts'
import { describeListTasks } from './list-tasks.ts'
import { describeListVersions } from './list-versions.ts'
import { describeLists } from './lists.ts'
import { describeMembers } from './members.ts'
import { describeRecurrence } from './recurrence.ts'
import { describeRecurrenceRules } from './rules.ts'
import { describeSchedules } from './schedules.ts'
import { describeSearch } from './search.ts'
import { describeSubtasks } from './subtasks.ts'
import { describeUndo } from './undo.ts'

/** Tests what a client sees of the task model: every rule of it that a request can reach. */
export function describeTaskModel(subject: ServiceUnderTest): void {
  describe(`The task model on ${subject.name}`, () => {
    const client = createClient(subject)

    beforeAll(() => client.open())

    afterAll(() => client.close())

    describeMembers(client)
    describeLimits(client)
    describeSchedules(client)
    describeRecurrenceRules(client)
    describeLists(client)
    describeListVersions(client)
    describeListErrors(client)
    describeListTasks(client)
    describeSubtasks(client)
    describeRecurrence(client)
    describeUndo(client)
    describeFilters(client)
    describeSearch(client)
    describeModelBatches(client)
    describeModelFeed(client)
    describeModelIsolation(client)
  })
}
