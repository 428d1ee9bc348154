import { expect } from 'bun:test'
import { join } from 'node:path'
import { readItem, readList } from '../http/answers.ts'
import { bearer, SECRET } from '../support/config.ts'
import { runCommand, type ServiceProcess, startService } from '../support/process.ts'

/** Runs commands and services on a store in a directory, `tasks.db` by default, for the user `ann`. */
export function createCommandLine(directory: { readonly path: string }) {
  function environmentOf(url = 'sqlite:tasks.db') {
    return { DATABASE_URL: url, BETTER_AUTH_SECRET: SECRET, RATE_LIMIT_PER_MINUTE: '0' }
  }

  function start(url?: string): Promise<ServiceProcess> {
    return startService({ directory: directory.path, environment: environmentOf(url) })
  }

  function taskport(args: readonly string[], url?: string) {
    return runCommand(args, { directory: directory.path, environment: environmentOf(url) })
  }

  function at(name: string): string {
    return join(directory.path, name)
  }

  async function send(
    service: ServiceProcess,
    path: string,
    {
      method = 'GET',
      headers = {},
      body,
    }: { method?: string; headers?: object; body?: object } = {},
  ): Promise<Response> {
    const json = body && { 'content-type': 'application/json' }
    return service.send(path, {
      method,
      headers: { ...(await bearer('ann')), ...json, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
  }

  async function create(service: ServiceProcess, text: string, path = '/tasks') {
    const body = path === '/lists' ? { name: text } : { text }
    const response = await send(service, path, { method: 'POST', body })
    expect(response.status).toBe(201)
    return (await readItem(response)).id
  }

  async function texts(service: ServiceProcess): Promise<string[]> {
    const { tasks } = await readList(await send(service, '/tasks?sort=created_at'))
    return tasks.map(({ text }) => text)
  }

  return { environmentOf, start, taskport, at, send, create, texts }
}
