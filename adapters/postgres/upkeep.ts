import type { TaskUpkeep } from '../../core/ports.ts'
import { wordsOf } from '../../core/search.ts'
import type { Pool } from './connection/pool.ts'
import { INTEGER, TEXT } from './connection/statement.ts'

// Some tens of milliseconds of work, for which an owner's other writes may have to wait.
const BATCH = '300'

const SWEEP = {
  text: 'select more, unlearned from taskport_sweep($1::timestamptz, $2::timestamptz, $3)',
  types: [TEXT, TEXT, INTEGER],
}

const LEARN = { text: 'select taskport_learn_all($1::jsonb)', types: [TEXT] }

interface Swept {
  readonly more: boolean
  readonly unlearned:
    | readonly { readonly user_id: string; readonly id: string; readonly text: string }[]
    | null
}

export function createPostgresUpkeep({ run }: Pick<Pool, 'run'>): TaskUpkeep {
  return {
    async sweep(before) {
      const [swept] = await run<Swept>(SWEEP, [before.deleted, before.retries, BATCH])
      const { more = false, unlearned = null } = swept ?? {}
      if (unlearned) {
        const learned = unlearned.map((task) => ({ ...task, words: wordsOf(task.text) }))
        await run(LEARN, [JSON.stringify(learned)])
      }
      return more
    },
  }
}
