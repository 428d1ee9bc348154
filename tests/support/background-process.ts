import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** Whom a server runs as that refuses root. Empty for this process's own user. */
export type Identity = { readonly uid?: number; readonly gid?: number }

export async function unprivilegedUser(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number(await run('id', [flag, 'nobody']))),
  )
  return { uid: uid ?? 65534, gid: gid ?? 65534 }
}

/** Runs a program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  identity: Identity = {},
): Promise<string> {
  const child = spawn(program, args, { ...identity, stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, problems, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (exitCode !== 0)
    throw new Error(`${program} failed (exit code ${exitCode}): ${problems || output}`)
  return output
}

export interface BackgroundProcess {
  signal(signal: NodeJS.Signals): void
  /** Resolves when it and all processes that it started are gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

/**
 * Starts a server and resolves when it has logged `ready` to standard error. It is nobody's child,
 * because Bun ends the children of a test that takes too long, and others use the server too.
 */
export async function startInBackground(
  command: readonly string[],
  ready: string,
  identity: Identity,
): Promise<BackgroundProcess> {
  const shell = spawn('sh', ['-c', '"$@" >/dev/null & echo "$!"', 'sh', ...command], {
    ...identity,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const gone = once(shell.stderr, 'end')
  const pid = Number(await text(shell.stdout))
  let log = ''
  await new Promise<void>((resolve, reject) => {
    shell.stderr.setEncoding('utf8').on('data', (lines: string) => {
      log = `${log}${lines}`.slice(-4000)
      if (log.includes(ready)) resolve()
    })
    gone.then(() => reject(new Error(`${command[0]} did not start:\n${log}`)))
  })
  return {
    signal: (signal) => void process.kill(pid, signal),
    async end(signal) {
      process.kill(pid, signal)
      await gone
    },
  }
}

// Reading from the pipe ends with the process that has it open for writing, also by SIGKILL.
const CLEAN_UP = `
  {
    read -r _ < "$1/alive"
    pid=$(head -n 1 "$2")
    kill -QUIT "$pid"
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      [ -e "$2" ] && sleep 0.1
    done
    # One that ignores the signal, or that a test has stopped.
    [ -e "$2" ] && kill -KILL "$pid"
    rm -rf "$1"
  } >/dev/null 2>&1 &`

/** When this process ends, however it ends: ends the one named in the file, removes the directory. */
export async function cleanUpAfterwards(directory: string, pidFile: string): Promise<void> {
  const pipe = join(directory, 'alive')
  await run('mkfifo', [pipe])
  openSync(pipe, 'r+')
  const stdio = 'ignore'
  await once(
    spawn('sh', ['-c', CLEAN_UP, 'sh', directory, pidFile], { detached: true, stdio }),
    'exit',
  )
}
