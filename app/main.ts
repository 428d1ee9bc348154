import { run } from './command-line.ts'

// Told to whoever writes; one that nobody listens to would end the process.
process.stdout.on('error', () => {})

const done = run(Bun.argv.slice(2), {
  variables: process.env,
  isTerminal: process.stdout.isTTY,
  print: (text) => process.stdout.write(text),
  write: (text) =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
    }),
  input: () => Bun.stdin.stream(),
  printError: (text) => process.stderr.write(text),
})
// Not awaited: an executable with byte code cannot await here.
done.then((exitCode) => {
  // A command that serves goes on until it is told to stop.
  if (exitCode !== null) process.exit(exitCode)
})
