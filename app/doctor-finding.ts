import { OperatorError, TaskportError } from '../core/errors.ts'
import type { Config } from './config.ts'
import { outageReason } from './observe.ts'

/** One row of what `taskport doctor` prints. */
export interface Finding {
  readonly check: string
  readonly status: 'ok' | 'warning' | 'problem'
  readonly found: string
  /** What to do; `null` if nothing is wrong. */
  readonly advice: string | null
}

/** What the checks look at. */
export interface Subject {
  readonly config: Config
  readonly variables: Readonly<Record<string, string | undefined>>
}

export interface Check {
  readonly name: string
  /** The variables without which the check cannot run, or would look at something else. */
  readonly needs: readonly string[]
  /** Changes nothing. An error that it throws is a problem. */
  run(subject: Subject): readonly Finding[] | Promise<readonly Finding[]>
}

/** The time limit of a check. */
export const LIMIT_MS = 15_000
/** The time limit of one question to a server. A sleeping database takes seconds to wake up. */
export const ANSWER_MS = 5000

export function ok(check: string, found: string): Finding {
  return { check, status: 'ok', found, advice: null }
}

export function warning(check: string, found: string, advice: string): Finding {
  return { check, status: 'warning', found, advice }
}

export function problem(check: string, found: string, advice: string | null = null): Finding {
  return { check, status: 'problem', found, advice }
}

/** Rejects if `work` takes longer. It goes on in the background. */
export async function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** The reason of a failure, in one sentence. The advice of an `OperatorError` is part of it. */
export function reasonOf(error: unknown): string {
  if (error instanceof OperatorError) return error.message.replace(/^DATABASE_URL: /, '')
  if (error instanceof TaskportError) return outageReason(error)
  return error instanceof Error ? error.message : `${error}`
}
