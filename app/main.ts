import { run } from './command-line.ts'
import { addEnvFile } from './env-file.ts'

// `write` below reports errors. Without a listener, an error event would end the process.
process.stdout.on('error', () => {})

const done = run(Bun.argv.slice(2), {
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
})
// No top-level await: executables with bytecode do not support it.
done.then((exitCode) => {
  // `null`: the server keeps running until a signal stops it.
  if (exitCode !== null) process.exit(exitCode)
})
