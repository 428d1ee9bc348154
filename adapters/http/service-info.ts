import { Elysia } from 'elysia'
import { headersTooLarge, jsonResponse } from './docs/responses.ts'

/** `GET /`: the name and version of the service. Needs no token. */
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
        description:
          'Returns the name and version of the service, and the path of its documentation.',
        responses: {
          200: jsonResponse('The name and version of the service.', 'ServiceInfo', info),
          ...headersTooLarge,
        },
      },
    },
  )
}
