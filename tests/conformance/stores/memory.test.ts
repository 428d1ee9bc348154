import { createMemoryStore } from '../../../adapters/memory/repository.ts'
import { createMemoryTokens } from '../../../adapters/memory/tokens.ts'
import { newEpoch } from '../../../adapters/system/ids.ts'
import { describeStore } from './suite.ts'

describeStore(
  {
    name: 'memory',
    async open() {
      const memory = createMemoryStore(newEpoch)
      const access = {
        repository: memory,
        watch: memory,
        maintenance: memory,
        tokens: createMemoryTokens(),
        close: async () => {},
      }
      return { ...access, openAgain: async () => access }
    },
  },
  { runs: 200 },
)
