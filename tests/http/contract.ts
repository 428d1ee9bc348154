import { afterAll, beforeAll, describe } from 'bun:test'
import { describeAccess } from './contract/access.ts'
import { describeAttacks } from './contract/attacks.ts'
import { describeBatches } from './contract/batches.ts'
import { describeBodies } from './contract/bodies.ts'
import { createClient } from './contract/client.ts'
import { describeLists } from './contract/lists.ts'
import { describeManners } from './contract/manners.ts'
import { describeOperations } from './contract/operations.ts'
import { describeOrder } from './contract/order.ts'
import { describeRetries } from './contract/retries.ts'
import { describeRules } from './contract/rules.ts'
import { describeTrash } from './contract/trash.ts'
import { describeVersions } from './contract/versions.ts'
import type { ServiceUnderTest } from './service.ts'

/** The HTTP contract, request by request, as a client sees it. */
export function describeHttpContract(subject: ServiceUnderTest): void {
  describe(`HTTP on ${subject.name}`, () => {
    const client = createClient(subject)

    beforeAll(() => client.open())

    afterAll(() => client.close())

    describeOperations(client)
    describeRules(client)
    describeBodies(client)
    describeAccess(client)
    describeManners(client)
    describeVersions(client)
    describeRetries(client)
    describeLists(client)
    describeOrder(client)
    describeTrash(client)
    describeBatches(client)
    describeAttacks(client)
  })
}
