import { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'

type Options = Partial<Omit<Parameters<typeof openPostgres>[0], 'url'>>

/** Opens a store as the service does. */
export function open(url: string, options: Options = {}) {
  return openPostgres({
    url,
    directUrl: null,
    poolMax: 4,
    timeoutMs: 10_000,
    prepare: 'auto',
    newEpoch,
    ...options,
  })
}

/** Opens a store and brings its schema up to date. */
export async function openMigrated(
  url: string,
  { foreignWriters = false, ...options }: Options & { readonly foreignWriters?: boolean } = {},
) {
  const store = open(url, options)
  await migrate(store.migrations, () => {}, { foreignWriters })
  return store
}
