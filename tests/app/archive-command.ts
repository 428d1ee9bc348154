import { join } from 'node:path'
import { run } from '../../app/command-line.ts'
import { listNumber, taskNumber } from '../conformance/stores/store.ts'

/** Runs `taskport` in this process, on SQLite files of a directory. */
export function createArchiveCommand(directory: { readonly path: string }) {
  async function taskport(
    args: string[],
    url: string = sqlite('tasks'),
    input: Iterable<string | Uint8Array> = [],
  ) {
    const printed = { out: '', error: '' }
    const exitCode = await run(args, {
      variables: { DATABASE_URL: url },
      addEnvFile() {},
      isTerminal: false,
      print: (text) => {
        printed.out += text
      },
      write: async (text) => {
        printed.out += text
      },
      async *input() {
        for (const chunk of input) yield Buffer.from(chunk)
      },
      printError: (text) => {
        printed.error += text
      },
      onStopSignal() {},
    })
    return { exitCode, ...printed }
  }

  function sqlite(name: string): string {
    return `sqlite:${join(directory.path, name)}.db`
  }

  return { sqlite, taskport }
}

export function lineOf(n: number, fields: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ user_id: 'ann', ...taskNumber(n), ...fields })}\n`
}

export function listLine(n: number, fields: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ type: 'list', user_id: 'ann', ...listNumber(n), ...fields })}\n`
}

export function lines(count: number): string {
  return Array.from({ length: count }, (_, n) => lineOf(n)).join('')
}
