import { Elysia } from 'elysia'
import { headersTooLarge, jsonResponse } from './docs/responses.ts'

/** `GET /`: what answers at this address. Needs no token. */
export function createServiceInfoRoute(deps: {
  readonly version: string
  readonly basePath: string
}) {
  const { version, basePath } = deps
  const info = { name: 'Taskport', version, docs: `${basePath}/docs` }
  const body = JSON.stringify(info)
  return new Elysia({ name: 'service-info' }).get(
    '/',
    ({ set }) => {
      set.headers['content-type'] = 'application/json'
      set.headers['cache-control'] = 'no-cache'
      return body
    },
    {
      detail: {
        tags: ['Service'],
        security: [],
        operationId: 'getServiceInfo',
        summary: 'Get the name and version of the service',
        description: 'Tells what answers at this address, and where its documentation is.',
        responses: {
          200: jsonResponse('What this service is.', 'ServiceInfo', info),
          ...headersTooLarge,
        },
      },
    },
  )
}
