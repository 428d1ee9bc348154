import { describeHttpContract } from '../http/contract.ts'
import type { Service } from '../http/service.ts'
import { PRODUCTION } from '../support/config.ts'
import { startService, stopCleanly, temporaryDirectory } from '../support/process.ts'

/** Starts the service in its own process. Requests go over real sockets. */
async function open(databaseUrl: string): Promise<Service> {
  const directory = await temporaryDirectory()
  const service = await startService({
    directory: directory.path,
    environment: { ...PRODUCTION, DATABASE_URL: databaseUrl },
  })
  return {
    send: service.send,
    async close() {
      await stopCleanly(service)
      await directory[Symbol.asyncDispose]()
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
