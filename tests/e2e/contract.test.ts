import { describeHttpContract } from '../http/contract.ts'
import type { Service } from '../http/service.ts'
import { PRODUCTION } from '../support/config.ts'
import { startService, temporaryDirectory } from '../support/process.ts'

/** Starts the service in its own process. Requests go over real sockets. */
async function open(databaseUrl: string): Promise<Service> {
  const directory = await temporaryDirectory()
  const process = await startService({
    directory: directory.path,
    environment: { ...PRODUCTION, DATABASE_URL: databaseUrl },
  })
  return {
    send: process.send,
    async close() {
      const exitCode = await process.stop('SIGTERM')
      await directory[Symbol.asyncDispose]()
      if (exitCode !== 0 || /"level":"(warn|error|fatal)"/.test(process.output()))
        throw new Error(`The service failed (exit code ${exitCode}):\n${process.output()}`)
    },
  }
}

describeHttpContract({
  name: 'a process with SQLite',
  open: () => open('sqlite:./tasks.db'),
})
describeHttpContract({
  name: 'a process with memory',
  open: () => open('memory:'),
})
