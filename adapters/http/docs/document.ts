import { toOpenAPISchema } from '@elysiajs/openapi'
import { type AnyElysia, Elysia } from 'elysia'
import { components } from './schemas.ts'

/**
 * The OpenAPI 3.1 document of the routes that `app` has.
 *
 * @param publicUrl the address of the service; `null` for the host that sends the document.
 */
export function createDocument(app: AnyElysia, version: string, publicUrl: string | null) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Taskport',
      version,
      description:
        'A multi-user tasks API. Each user sees only their own tasks. Send the token of the signed-in user as `Authorization: Bearer`.',
      contact: { name: 'Taskport' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl ?? '/', description: 'This server.' }],
    tags: [
      { name: 'Tasks', description: 'The tasks of the signed-in user.' },
      {
        name: 'Lists',
        description: 'Lists that tasks can be in. Tasks without a list are in the inbox.',
      },
      {
        name: 'Feed',
        description:
          'What has changed, as pages or as a stream. Ignore changes of types that you do not know.',
      },
      {
        name: 'Tokens',
        description:
          'API tokens, for programs that cannot sign in. Managing them requires a token from signing in.',
      },
      { name: 'Health', description: 'The state of the service.' },
      { name: 'Service', description: 'The name and version of the service.' },
    ],
    paths: pathsOf(app),
    components: {
      schemas: components,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'A JWT from Better Auth, or from any other issuer that this server trusts; or an API token (`tp_…`).',
        },
      },
    },
  }
}

/** The paths, with the parameters as the routes document them; Elysia would keep only path parameters. */
function pathsOf(app: AnyElysia) {
  const { paths } = toOpenAPISchema(app)
  for (const { path, method, hooks } of app.routes) {
    const operation = Object(paths[path.replace(/:(\w+)/g, '{$1}')])[method.toLowerCase()]
    const parameters = hooks.detail?.parameters
    if (operation && parameters) operation.parameters = parameters
  }
  return paths
}

/** `GET /openapi.json`: the document of the routes that `app` has so far. */
export function createDocumentRoute(app: AnyElysia, version: string, publicUrl: string | null) {
  const document = JSON.stringify(createDocument(app, version, publicUrl))
  return new Elysia({ name: 'openapi' }).get(
    '/openapi.json',
    ({ set }) => {
      set.headers['content-type'] = 'application/json'
      set.headers['cache-control'] = 'no-cache'
      return document
    },
    { detail: { hide: true } },
  )
}
