import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createServerDirectory, findProgram, startInBackground } from './background-process.ts'
import { freePort } from './port.ts'

export interface Nginx {
  readonly url: string
  stop(): Promise<void>
}

// By default nginx writes these to its installation directory.
const TEMPORARY_FILES = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

// They keep connections open, and pass on what the service needs to know about the client.
const HEADERS = `
      proxy_http_version 1.1;
      proxy_set_header Connection '';
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`

/**
 * Starts nginx as a load balancer in front of local services.
 *
 * @param options.gzip whether to compress responses for clients that accept that.
 * @param options.plain whether to pass on nothing about clients, as `proxy_pass` alone does.
 * @param options.path the path under which clients see the services, with a slash at both ends.
 * @param options.port the port to listen on; by default a free one.
 */
export async function startNginx(
  servicePorts: readonly number[],
  options: {
    readonly gzip?: boolean
    readonly plain?: boolean
    readonly path?: string
    readonly port?: number
  } = {},
): Promise<Nginx> {
  const { gzip = false, plain = false, path = '/', port = await freePort() } = options
  const program = findProgram('nginx')
  const { path: directory, pidFile, identity, remove } = await createServerDirectory('nginx')
  const configuration = join(directory, 'nginx.conf')
  await writeFile(
    configuration,
    `daemon off;
pid ${pidFile};
error_log stderr notice;
worker_processes 1;
events { worker_connections 1024; }
http {
  access_log off;
  ${TEMPORARY_FILES.map((name) => `${name}_temp_path ${join(directory, name)};`).join('\n  ')}
  upstream taskport {
    ${servicePorts.map((at) => `server 127.0.0.1:${at} max_fails=1 fail_timeout=1s;`).join('\n    ')}
    keepalive 32;
  }
  server {
    listen 127.0.0.1:${port};
    # Responses must not differ because a connection has served many requests.
    keepalive_requests 1000000;
    # The service enforces its own limits and sends its own errors.
    client_max_body_size 0;
    large_client_header_buffers 8 32k;
    gzip ${gzip ? 'on' : 'off'};
    gzip_types application/json;
    gzip_min_length 0;
    gzip_proxied any;
    location ${path} {
      # Without a path of its own, nginx would pass on the URL as it came, and not normalise it.
      proxy_pass http://${plain ? `127.0.0.1:${servicePorts[0]}` : 'taskport'}${path === '/' ? '' : '/'};
      proxy_request_buffering off;${plain ? '' : HEADERS}
    }
  }
}
`,
  )
  const server = await startInBackground(
    [program, '-p', directory, '-e', 'stderr', '-c', configuration],
    'start worker process ',
    identity,
  )
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await server.end('SIGTERM')
      await remove()
    },
  }
}
