import type postgres from 'postgres'

/** Resolves when no session of this database waits for a lock. */
export async function noSessionWaits(sql: postgres.ISql): Promise<void> {
  const deadline = performance.now() + 2000
  for (;;) {
    const [row] = await sql<[{ waiting: boolean }]>`
      select exists(
        select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
      ) as waiting`
    if (!row.waiting) return
    if (performance.now() > deadline) throw new Error('a session still waits for a lock')
  }
}

/** Resolves when a session of the database waits for a lock. */
export async function sessionWaits(sql: postgres.ISql): Promise<void> {
  const deadline = performance.now() + 5000
  for (;;) {
    const [row] = await sql<[{ waiting: boolean }]>`
      select exists(
        select from pg_locks join pg_stat_activity using (pid)
        where not granted and datname = current_database()) as waiting`
    if (row.waiting) return
    if (performance.now() > deadline) throw new Error('no session waits for a lock')
  }
}
