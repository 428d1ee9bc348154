import { run } from '../../app/command-line.ts'
import type { Finding } from '../../app/doctor-finding.ts'
import { migrate } from '../../app/migrations.ts'
import { openStore } from '../../app/store.ts'
import { OperatorError } from '../../core/errors.ts'
import { testConfig } from '../support/config.ts'

export interface Diagnosis {
  readonly exitCode: number | null
  readonly output: string
  readonly findings: readonly Finding[]
  /** The rows of one check. */
  of(check: string): readonly Finding[]
}

/** Runs `taskport doctor --json` in this process. */
export async function diagnose(
  variables: Record<string, string>,
  options: { readonly token?: string; readonly envFileProblem?: string } = {},
): Promise<Diagnosis> {
  const { token, envFileProblem } = options
  let output = ''
  const exitCode = await run(['doctor', '--json', ...(token === undefined ? [] : ['--token'])], {
    variables,
    addEnvFile() {
      if (envFileProblem !== undefined) throw new OperatorError(envFileProblem)
    },
    isTerminal: false,
    print() {},
    write: async (text) => {
      output += text
    },
    input: () => new Blob([token ?? '']).stream(),
    printError: (text) => {
      output += text
    },
    onStopSignal() {},
  })
  const { ok, checks } = JSON.parse(output)
  if (ok !== (exitCode === 0)) throw new Error(`Exit code ${exitCode}, but ${output}`)
  return {
    exitCode,
    output,
    findings: checks,
    of: (name) => checks.filter(({ check }: Finding) => check === name),
  }
}

/** Applies all migrations to a database. */
export async function migrateAt(url: string): Promise<void> {
  const store = await openStore(testConfig({ DATABASE_URL: url }))
  if (store.migrations) await migrate(store.migrations, () => {})
  await store.close()
}
