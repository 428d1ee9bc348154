import type { OfflineList, OfflineQuery } from '../../../client/offline/types.ts'

/** What a device shows. A list is named by its key, because its id changes once the service knows it. */
export type View =
  | { readonly kind: 'all' | 'inbox' | 'trash' }
  | { readonly kind: 'list'; readonly key: string }

/** The list that a view shows, if there is one. */
export function listOf(view: View, lists: readonly OfflineList[]): OfflineList | undefined {
  return view.kind === 'list' ? lists.find(({ key }) => key === view.key) : undefined
}

/** The tasks that a view shows. */
export function queryOf(view: View, list: OfflineList | undefined): OfflineQuery {
  const query = { parent: 'none', sort: 'order' } as const
  if (view.kind === 'inbox') return { ...query, list: 'inbox' }
  return list ? { ...query, list: list.id } : query
}
