import { constants } from 'node:os'
import { handleSignals } from './signals.ts'

const args = Bun.argv.slice(2)
const isServer = [undefined, 'serve', 'worker', 'demo-worker'].includes(args[0])
const onStopSignal = handleSignals((signal) =>
  process.exit(isServer ? 0 : 128 + constants.signals[signal]),
)

// `write` below reports errors. Without a listener, an error event would end the process.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

// Loaded once signals are handled. No top-level await: executables with bytecode do not support it.
const done = load().then(({ run, addEnvFile }) =>
  run(args, {
    variables: process.env,
    // To `process.env`, because OpenTelemetry reads its variables there.
    addEnvFile: () => addEnvFile(process.env),
    isTerminal: process.stdout.isTTY,
    print: (text) => process.stdout.write(text),
    write: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
      }),
    input: () => Bun.stdin.stream(),
    printError: (text) => process.stderr.write(text),
    onStopSignal,
  }),
)
done.then((exitCode) => {
  // `null`: the server keeps running until a signal stops it.
  if (exitCode !== null) process.exit(exitCode)
})

async function load() {
  const { run } = await import('./command-line.ts')
  const { addEnvFile } = await import('./env-file.ts')
  return { run, addEnvFile }
}
