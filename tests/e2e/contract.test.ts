import { describeHttpContract } from '../http/contract.ts'
import type { Service } from '../http/service.ts'
import { SECRET } from '../support/config.ts'
import { startService, temporaryDirectory } from '../support/process.ts'

/** The service as it runs in production, and requests over real sockets. */
async function open(databaseUrl: string): Promise<Service> {
  const directory = await temporaryDirectory()
  const process = await startService({
    directory: directory.path,
    environment: {
      NODE_ENV: 'production',
      BETTER_AUTH_SECRET: SECRET,
      DATABASE_URL: databaseUrl,
      RATE_LIMIT_PER_MINUTE: '0',
    },
  })
  return {
    send: process.send,
    async close() {
      const exitCode = await process.stop('SIGTERM')
      await directory[Symbol.asyncDispose]()
      if (exitCode !== 0 || /"level":"(warn|error|fatal)"/.test(process.output()))
        throw new Error(`The service met a fault (exit code ${exitCode}):\n${process.output()}`)
    },
  }
}

describeHttpContract({
  name: 'a process with SQLite, in production',
  open: () => open('sqlite:./tasks.db'),
})
describeHttpContract({
  name: 'a process with memory, in production',
  open: () => open('memory:'),
})
