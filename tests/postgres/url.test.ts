import { describe, expect, test } from 'bun:test'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import {
  type Cluster,
  PostgresUrlError,
  parsePostgresUrl,
  type Target,
} from '../../adapters/postgres/connection/url.ts'

const me = userInfo().username

describe('parsing a PostgreSQL URL', () => {
  test.each<[string, Partial<Cluster>]>([
    [
      'postgres://ann:secret@db.example.com:5433/tasks',
      { host: 'db.example.com', port: 5433, user: 'ann', password: 'secret', database: 'tasks' },
    ],
    ['postgresql://ann@db/tasks', { host: 'db', port: 5432, user: 'ann', password: '' }],
    ['postgresql+asyncpg://ann:x@db/tasks', { host: 'db', user: 'ann', database: 'tasks' }],
    ['POSTGRESQL+psycopg2://ann:x@db/tasks', { host: 'db', database: 'tasks' }],
    ['postgres://ann:p%40ss%2F%23%25@db/tasks', { password: 'p@ss/#%' }],
    ['postgres://ann:x@[::1]:5433/tasks', { host: '::1', port: 5433 }],
    ['postgres://ann@db', { database: 'ann' }],
    ['postgres://', { host: 'localhost', user: me, database: me }],
    ['postgres:///tasks?host=/run/postgresql', { host: '/run/postgresql', database: 'tasks' }],
    ['postgres://ann:x@/tasks?host=/run&port=5433', { host: '/run', port: 5433, user: 'ann' }],
    ['postgres://ann:x@:5433/tasks', { host: 'localhost', port: 5433, user: 'ann' }],
    [
      'postgresql+asyncpg://ann:x@/tasks?host=/cloudsql/project:region:instance',
      { host: '/cloudsql/project:region:instance', database: 'tasks' },
    ],
    ['postgres://ann@%2Frun%2Fpostgresql/tasks', { host: '/run/postgresql', database: 'tasks' }],
    ['postgres://db/t?application_name=api', { session: { application_name: 'api' } }],
    [
      'postgres://db/t?options=-c%20search_path%3Dapp',
      {
        session: { application_name: 'taskport', options: '-c search_path=app' },
        searchPath: 'app',
      },
    ],
    ['postgres://db/t?options=--search_path%3Da%5C%20b', { searchPath: 'a b' }],
    [
      'postgres://db/t?search_path=app',
      { session: { application_name: 'taskport', search_path: 'app' }, searchPath: 'app' },
    ],
    ['postgres://db/t', { searchPath: null }],
    [
      'postgres://db/t?channel_binding=require&schema=public&pgbouncer=true&connect_timeout=5&prepared_statement_cache_size=0',
      { session: { application_name: 'taskport' } },
    ],
    ['postgres://db/t', { looksPooled: false }],
    // As copied from Neon's console.
    [
      'postgresql://ann:npg_x@ep-cool-1-pooler.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require',
      {
        host: 'ep-cool-1-pooler.eu-central-1.aws.neon.tech',
        database: 'neondb',
        encryption: { mode: 'require', verify: 'nothing' },
        session: { application_name: 'taskport' },
        looksPooled: true,
      },
    ],
    ['postgres://:5433/tasks', { host: 'localhost', port: 5433, user: me }],
    ['postgres://db/t', { others: [], mustWrite: false }],
    ['postgres://db/t?target_session_attrs=any', { others: [], mustWrite: false }],
    ['postgres://db/t?target_session_attrs=read-write', { others: [], mustWrite: true }],
    ['postgres://db/t?target_session_attrs=primary', { others: [], mustWrite: true }],
    ['postgres://db:6432/t', { looksPooled: true }],
    ['postgres://db:6543/t', { looksPooled: true }],
  ])('accepts %s', (url, expected) => {
    expect(parsePostgresUrl(url)).toMatchObject(expected)
  })

  test.each<[string, (string | number)[][]]>([
    [
      'postgres://u:p@db1,db2/t',
      [
        ['db1', 5432],
        ['db2', 5432],
      ],
    ],
    [
      'postgres://u:p@db1:5433,db2:5434/t',
      [
        ['db1', 5433],
        ['db2', 5434],
      ],
    ],
    // libpq gives each host its own port, here the default.
    [
      'postgres://u:p@db1,db2:5433/t',
      [
        ['db1', 5432],
        ['db2', 5433],
      ],
    ],
    [
      'postgres://u:p@db1:5433,db2/t',
      [
        ['db1', 5433],
        ['db2', 5432],
      ],
    ],
    [
      'postgres://u:p@db1:1,db2:2,db3:3',
      [
        ['db1', 1],
        ['db2', 2],
        ['db3', 3],
      ],
    ],
    [
      'postgres://db1,db2?target_session_attrs=read-write',
      [
        ['db1', 5432],
        ['db2', 5432],
      ],
    ],
    [
      'postgres://u:a,b@db1,db2/t',
      [
        ['db1', 5432],
        ['db2', 5432],
      ],
    ],
    [
      'postgres://u:p@[::1]:5433,[fe80::2],db3/t',
      [
        ['::1', 5433],
        ['fe80::2', 5432],
        ['db3', 5432],
      ],
    ],
    [
      'postgres://u:p@%2Frun%2Fa,%2Frun%2Fb:5433/t',
      [
        ['/run/a', 5432],
        ['/run/b', 5433],
      ],
    ],
    [
      'postgres://u:p@db1%2Cdb2:5433/t',
      [
        ['db1', 5433],
        ['db2', 5433],
      ],
    ],
    [
      'postgres://u:p@/t?host=db1,db2',
      [
        ['db1', 5432],
        ['db2', 5432],
      ],
    ],
    [
      'postgres://u:p@/t?host=db1,db2&port=5433',
      [
        ['db1', 5433],
        ['db2', 5433],
      ],
    ],
    [
      'postgres://u:p@:5433/t?host=db1,db2',
      [
        ['db1', 5433],
        ['db2', 5433],
      ],
    ],
    [
      'postgres://u:p@/t?host=db1,db2&port=5433,5434',
      [
        ['db1', 5433],
        ['db2', 5434],
      ],
    ],
    [
      'postgres://u:p@/t?host=db1,db2&port=5433,',
      [
        ['db1', 5433],
        ['db2', 5432],
      ],
    ],
    [
      'postgres://u:p@/t?host=db1%2Cdb2&port=5433%2C5434',
      [
        ['db1', 5433],
        ['db2', 5434],
      ],
    ],
    [
      'postgres://u:p@/t?host=/run/a,::1,db3',
      [
        ['/run/a', 5432],
        ['::1', 5432],
        ['db3', 5432],
      ],
    ],
    [
      'postgres://u:p@db1:1,db2:2/t?host=db3,db4',
      [
        ['db3', 1],
        ['db4', 2],
      ],
    ],
    [
      'postgresql+asyncpg://u:p@db1,db2/t',
      [
        ['db1', 5432],
        ['db2', 5432],
      ],
    ],
  ])('finds the servers of %s', (url, expected) => {
    const { others, ...first } = parsePostgresUrl(url)
    expect([first, ...others].map(({ host, port }) => [host, port])).toEqual(expected)
    expect([first, ...others].every(({ mustWrite }) => mustWrite)).toBeTrue()
  })

  test('gives all servers the same login, and each the encryption of its address', () => {
    const url = 'postgres://u:p%2C1@db1:6432,%2Frun%2Fdb2/t?sslmode=verify-full&application_name=x'
    const { others, ...first } = parsePostgresUrl(url)
    expect(first).toEqual({
      host: 'db1',
      port: 6432,
      database: 't',
      user: 'u',
      password: 'p,1',
      encryption: { mode: 'require', verify: 'certificate and host' },
      session: { application_name: 'x' },
      searchPath: null,
      looksPooled: true,
      mustWrite: true,
    })
    const second = { host: '/run/db2', port: 5432, encryption: { mode: 'disable' as const } }
    expect(others).toEqual([{ ...first, ...second, looksPooled: false }])
  })

  test.each<[string, Target['encryption']]>([
    ['', { mode: 'prefer' }],
    ['sslmode=disable', { mode: 'disable' }],
    ['ssl=false', { mode: 'disable' }],
    ['sslmode=allow', { mode: 'prefer' }],
    ['sslmode=prefer', { mode: 'prefer' }],
    ['sslmode=Require', { mode: 'require', verify: 'nothing' }],
    ['ssl=True', { mode: 'require', verify: 'certificate and host' }],
    ['sslmode=require', { mode: 'require', verify: 'nothing' }],
    ['ssl=require', { mode: 'require', verify: 'nothing' }],
    ['sslmode=no-verify', { mode: 'require', verify: 'nothing' }],
    ['sslmode=verify-ca', { mode: 'require', verify: 'certificate' }],
    ['sslmode=verify-full', { mode: 'require', verify: 'certificate and host' }],
    ['sslmode=verify-full&sslrootcert=system', { mode: 'require', verify: 'certificate and host' }],
    ['ssl=true', { mode: 'require', verify: 'certificate and host' }],
  ])('derives the encryption from "%s"', (parameters, expected) => {
    expect(parsePostgresUrl(`postgres://db/tasks?${parameters}`).encryption).toEqual(expected)
  })

  test.each([
    ['mysql://db/tasks', 'must start with postgres:// or postgresql://'],
    ['postgres://ann:se#cret@db/tasks', 'must be percent-encoded'],
    ['postgres://ann:se%cret@db/tasks', 'must percent-encode each % as %25'],
    ['postgres://ann:secret@db:port/tasks', 'must be a URL with a port from 1 to 65535'],
    ['postgres://ann:secret@db:65536/tasks', 'must be a URL with a port from 1 to 65535'],
    ['postgres://ann:secret@db:0/tasks', 'must have a port from 1 to 65535'],
    ['postgres://ann:secret@db?port=none', 'must have a port from 1 to 65535'],
    ['postgres://ann:secret@db?port=65536', 'must have a port from 1 to 65535'],
    ['postgres://ann:secret@/tasks?host=one&host=two', 'must name all hosts in one parameter'],
    ['postgres://ann:secret@one:5432,two:port/tasks', 'must be a URL with a port from 1 to 65535'],
    ['postgres://ann:secret@one,two:65536/tasks', 'must be a URL with a port from 1 to 65535'],
    ['postgres://ann:secret@one,two:0/tasks', 'must have a port from 1 to 65535'],
    ['postgres://ann:secret@/tasks?host=one,two&port=1,no', 'must have a port from 1 to 65535'],
    ['postgres://ann:secret@one,::1/tasks', 'must be a URL with a port from 1 to 65535'],
    ['postgres://ann:secret@one,[::1/tasks', 'must be a URL with a port from 1 to 65535'],
    ['postgres://ann:secret@one,/tasks', 'must have a host on both sides of each comma'],
    ['postgres://ann:secret@,two/tasks', 'must have a host on both sides of each comma'],
    ['postgres://ann:secret@/tasks?host=one,,two', 'must have a host on both sides of each comma'],
    [
      'postgres://ann:secret@/tasks?host=a,b,c&port=1,2',
      'must have one port for all hosts, or one',
    ],
    ['postgres://ann:secret@one/tasks?port=1,2', 'must have one port for all hosts, or one'],
    ...['read-only', 'standby', 'prefer-standby'].map((attributes) => [
      `postgres://ann:secret@one,two/tasks?target_session_attrs=${attributes}`,
      `must have target_session_attrs=read-write, not ${attributes}, because the service writes`,
    ]),
    [
      'postgres://ann:secret@one/tasks?target_session_attrs=standby',
      'must have target_session_attrs=read-write, not standby',
    ],
    [
      'postgres://ann:secret@one,two/tasks?target_session_attrs=master',
      'must have target_session_attrs any, primary or read-write, not "master"',
    ],
    ['postgres://ann:secret@db/tasks?sslmode=sometimes', 'verify-full, not "sometimes"'],
    ['postgres://ann:secret@db/tasks?currentSchema=app', 'must name the schema in search_path'],
    ['postgres://ann:secret@db/tasks?currentSchema=public', 'must name the schema in search_path'],
    ['postgres://ann:secret@db/tasks?schema=app', 'must name the schema in search_path'],
    ['postgres://ann:secret@db/tasks?search_path=app,public', 'must name one schema'],
    ['postgres://ann:secret@db/tasks?sslcert=/client.pem', 'must not have sslcert'],
    [
      `postgres://ann:secret@db/tasks?sslmode=verify-full&sslrootcert=${join(import.meta.dir, 'none')}`,
      'must name a readable file of PEM certificates in sslrootcert',
    ],
    [
      `postgres://ann:secret@db/tasks?sslrootcert=${import.meta.path}`,
      'must name a readable file of PEM certificates in sslrootcert',
    ],
  ])('rejects %s', (url, message) => {
    const error = thrownBy(() => parsePostgresUrl(url))
    expect(error.message).toContain(message)
    expect(error).toBeInstanceOf(PostgresUrlError)
    expect(error.message).not.toContain('cret')
  })
})

function thrownBy(action: () => unknown): Error {
  try {
    action()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
