/** How long each measurement takes, and how often it is repeated. For a quick look, set both to 1. */
export const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 3)
export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3)
export const IS_STANDARD = SECONDS === 3 && ROUNDS === 3

export const ACTIVE_USERS = 1000
export const TASKS_PER_USER = 20
