import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** The user for a server that refuses to run as root. Empty for the current user. */
export type Identity = { readonly uid?: number; readonly gid?: number }

async function unprivilegedUser(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number(await run('id', [flag, 'nobody']))),
  )
  return { uid: uid ?? 65534, gid: gid ?? 65534 }
}

/** A temporary directory for a server's files, owned by the user that the server runs as. */
export interface ServerDirectory {
  readonly path: string
  /** Where the server must write its process id. */
  readonly pidFile: string
  readonly identity: Identity
  remove(): Promise<void>
}

/** When this process ends, even by SIGKILL, the server is killed and the directory removed. */
export async function createServerDirectory(
  server: string,
  pidFileName = 'pid',
): Promise<ServerDirectory> {
  const identity = await unprivilegedUser()
  const path = await mkdtemp(join(tmpdir(), `taskport-${server}-`))
  const { uid, gid } = identity
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
  const pidFile = join(path, pidFileName)
  await cleanUpAfterExit(path, pidFile)
  return { path, pidFile, identity, remove: () => rm(path, { recursive: true, force: true }) }
}

/** Finds the program of the Debian package of the same name, which may be outside PATH. */
export function findProgram(name: string): string {
  const program = Bun.which(name, { PATH: `${process.env['PATH']}:/usr/sbin` })
  if (program === null) throw new Error(`${name} is not installed: apt-get install ${name}`)
  return program
}

/** Runs a program until it exits. Rejects unless the exit code is 0. */
export async function run(
  program: string,
  args: readonly string[],
  identity: Identity = {},
): Promise<string> {
  const child = spawn(program, args, { ...identity, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (exitCode !== 0)
    throw new Error(`${program} failed (exit code ${exitCode}): ${stderr || stdout}`)
  return stdout
}

export interface BackgroundProcess {
  signal(signal: NodeJS.Signals): void
  /** Sends a signal. Resolves when the process and all its descendants have exited. */
  end(signal: NodeJS.Signals): Promise<void>
}

/**
 * Starts a server and resolves when it has logged `ready` to standard error. The server is not a
 * child process: Bun kills the children of a test that times out, but other tests use it too.
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

// The read ends when the process that holds the pipe open for writing exits, even by SIGKILL.
const CLEAN_UP = `
  {
    read -r _ < "$1/alive"
    pid=$(head -n 1 "$2")
    kill -QUIT "$pid"
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      [ -e "$2" ] && sleep 0.1
    done
    # The server ignored the signal, or a test suspended it.
    [ -e "$2" ] && kill -KILL "$pid"
    rm -rf "$1"
  } >/dev/null 2>&1 &`

/** However this process ends, kills the process in the PID file and removes the directory then. */
async function cleanUpAfterExit(directory: string, pidFile: string): Promise<void> {
  const pipe = join(directory, 'alive')
  await run('mkfifo', [pipe])
  openSync(pipe, 'r+')
  const stdio = 'ignore'
  await once(
    spawn('sh', ['-c', CLEAN_UP, 'sh', directory, pidFile], { detached: true, stdio }),
    'exit',
  )
}
