import { afterAll, beforeAll, describe } from 'bun:test'
import { describeAccess } from './access.ts'
import { describeAttacks } from './attacks.ts'
import { describeBatches } from './batches.ts'
import { describeBodies } from './bodies.ts'
import { createClient } from './client.ts'
import { describeIsolation } from './isolation.ts'
import { describeLists } from './lists.ts'
import { describeOperations } from './operations.ts'
import { describeOrder } from './order.ts'
import { describeProtocol } from './protocol.ts'
import { describeRetries } from './retries.ts'
import { describeRules } from './rules.ts'
import type { ServiceUnderTest } from './service.ts'
import { describeTokenRights } from './token-rights.ts'
import { describeTokens } from './tokens.ts'
import { describeTrash } from './trash.ts'
import { describeVersions } from './versions.ts'

/** Tests the whole HTTP contract, request by request, as a client sees it. */
export function describeHttp(subject: ServiceUnderTest): void {
  describe(`HTTP on ${subject.name}`, () => {
    const client = createClient(subject)

    beforeAll(() => client.open())

    afterAll(() => client.close())

    describeOperations(client)
    describeRules(client)
    describeBodies(client)
    describeAccess(client)
    describeProtocol(client)
    describeVersions(client)
    describeRetries(client)
    describeLists(client)
    describeOrder(client)
    describeTrash(client)
    describeBatches(client)
    describeAttacks(client)
    describeIsolation(client)
    describeTokens(client)
    describeTokenRights(client)
  })
}
