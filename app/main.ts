import { run } from './command-line.ts'

const done = run(Bun.argv.slice(2), {
  variables: process.env,
  isTerminal: process.stdout.isTTY,
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
})
// Not awaited: an executable with byte code cannot await here.
done.then((exitCode) => {
  // A command that serves goes on until it is told to stop.
  if (exitCode !== null) process.exit(exitCode)
})
