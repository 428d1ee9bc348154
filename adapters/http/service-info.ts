import { Elysia } from 'elysia'
import { headersTooLarge, jsonResponse } from './docs/responses.ts'
import type { RequestContext } from './reply.ts'

/**
 * `GET /`: the name and version of the service, and the playground for browsers in demo mode. Needs no
 * token.
 *
 * @param deps.sendPage sends the playground; `null` outside demo mode.
 */
export function createServiceInfoRoute(deps: {
  readonly version: string
  readonly basePath: string
  readonly sendPage: ((context: RequestContext) => Promise<Response>) | null
}) {
  const { version, basePath, sendPage } = deps
  const info = { name: 'Taskport', version, docs: `${basePath}/docs` }
  const body = JSON.stringify(info)
  return new Elysia({ name: 'service-info' }).get(
    '/',
    (context) => {
      const { request, set } = context
      // In production too: the same address may have served the playground before.
      set.headers['vary'] = `${set.headers['vary']}, Accept`
      if (sendPage !== null && acceptsHtml(request.headers.get('accept'))) return sendPage(context)
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
          'Returns the name and version of the service, and the path of its documentation. In demo mode, browsers get a page to try the service in instead.',
        responses: {
          200: jsonResponse('The name and version of the service.', 'ServiceInfo', info),
          ...headersTooLarge,
        },
      },
    },
  )
}

// Programs accept anything, and only browsers name HTML.
function acceptsHtml(accept: string | null): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return type === 'text/html' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}
