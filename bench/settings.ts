/** How long each measurement takes, in whole seconds, and how often it is repeated. */
export const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 2)
export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3)
export const IS_STANDARD = SECONDS === 2 && ROUNDS === 3

export const ACTIVE_USERS = 1000
export const TASKS_PER_USER = 20
