import { toOpenAPISchema } from '@elysiajs/openapi'
import { type AnyElysia, Elysia } from 'elysia'
import { components } from './components.ts'

/** The OpenAPI 3.1 document of an app: its routes as they are, its schemas by name. */
export function createDocument(app: AnyElysia, version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Taskport',
      version,
      description:
        'Tasks of many users, each of whom sees only their own. Sign in with your front end and send its token as `Authorization: Bearer`.',
      contact: { name: 'Taskport' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    tags: [
      { name: 'Tasks', description: "The caller's tasks." },
      { name: 'Health', description: 'The state of the service.' },
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
            'A token of your Better Auth front end, or of any issuer this server trusts.',
        },
      },
    },
  }
}

/** What is written of a route's parameters stands: of a path with any, only those are made of it. */
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
export function createOpenApiRoutes(app: AnyElysia, version: string) {
  const document = JSON.stringify(createDocument(app, version))
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
