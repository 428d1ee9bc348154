import { toOpenAPISchema } from '@elysiajs/openapi'
import { type AnyElysia, Elysia } from 'elysia'
import { components } from './schemas.ts'

/** The OpenAPI 3.1 document of an app: its routes as they are, its schemas by name. */
export function createDocument(app: AnyElysia, version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Taskport',
      version,
      description:
        'Tasks of many users, each of whom sees only their own. Sign in with your front end and send its token as `Authorization: Bearer`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    tags: [
      { name: 'Tasks', description: "The caller's tasks." },
      { name: 'Health', description: 'The state of the service.' },
    ],
    paths: toOpenAPISchema(app).paths,
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
