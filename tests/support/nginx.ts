import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanUpAfterwards, startInBackground, unprivilegedUser } from './background-process.ts'
import { freePort } from './port.ts'

export interface Nginx {
  readonly url: string
  stop(): Promise<void>
}

// What it would otherwise write where it was installed.
const TEMPORARY_FILES = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** Starts nginx before services on this machine, as one address for all of them. */
export async function startNginx(servicePorts: readonly number[]): Promise<Nginx> {
  const identity = await unprivilegedUser()
  const directory = await mkdtemp(join(tmpdir(), 'taskport-nginx-'))
  const pidFile = join(directory, 'pid')
  await cleanUpAfterwards(directory, pidFile)
  const port = await freePort()
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
    # The service has limits of its own, and its own answers to what exceeds them.
    client_max_body_size 0;
    large_client_header_buffers 8 32k;
    location / {
      proxy_pass http://taskport;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_set_header Connection '';
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}
`,
  )
  const { uid, gid } = identity
  if (uid !== undefined && gid !== undefined) await chown(directory, uid, gid)
  // Debian keeps it where not everybody's PATH looks.
  const program = Bun.which('nginx', { PATH: `${process.env['PATH']}:/usr/sbin` })
  if (program === null) throw new Error('nginx is not installed: apt-get install nginx')
  const server = await startInBackground(
    [program, '-p', directory, '-e', 'stderr', '-c', configuration],
    'start worker process ',
    identity,
  )
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await server.end('SIGTERM')
      await rm(directory, { recursive: true })
    },
  }
}
