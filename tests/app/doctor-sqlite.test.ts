import { Database } from 'bun:sqlite'
import { describe, expect, test } from 'bun:test'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directoryPerTest } from '../support/process.ts'
import { diagnose, migrateAt } from './doctor-run.ts'

const directory = directoryPerTest()

describe('SQLite', () => {
  const path = () => join(directory.path, 'tasks.db')
  const check = () => diagnose({ DATABASE_URL: `sqlite:${path()}` })

  async function contents() {
    const names = await readdir(directory.path, { recursive: true })
    return Promise.all(
      names.map(async (name) => [name, await readFile(join(directory.path, name), 'base64')]),
    )
  }

  test('is a warning if the file is missing, and nothing is created', async () => {
    const { exitCode, of } = await diagnose({
      DATABASE_URL: `sqlite:${directory.path}/data/tasks.db`,
    })
    expect(exitCode).toBe(0)
    expect(of('store')).toMatchObject([
      { status: 'warning', found: `${directory.path}/data/tasks.db does not exist yet` },
    ])
    expect(of('store rights')).toMatchObject([{ status: 'ok' }])
    expect(of('migrations')).toBeEmpty()
    expect(await contents()).toBeEmpty()
  })

  test('is ok with all migrations, and nothing is changed', async () => {
    await migrateAt(`sqlite:${path()}`)
    const before = await contents()
    const { exitCode, of } = await check()
    expect(exitCode).toBe(0)
    expect(of('store')).toMatchObject([{ status: 'ok' }])
    expect(of('store encoding')).toMatchObject([{ status: 'ok', found: 'UTF-8' }])
    expect(of('store version')[0]?.found).toMatch(/^SQLite 3\.\d+/)
    expect(of('migrations')).toMatchObject([{ status: 'ok' }])
    expect(await contents()).toStrictEqual(before)
  })

  test('is a warning if migrations are pending, and none is applied', async () => {
    await writeFile(path(), '')
    const { exitCode, of } = await check()
    expect(exitCode).toBe(0)
    expect(of('migrations')).toMatchObject([
      { status: 'warning', found: expect.stringContaining('pending: 0001_schema.sql, 0002_') },
    ])
    expect(await contents()).toStrictEqual([['tasks.db', '']])
  })

  test('is read with the newest writes while another process serves it', async () => {
    await migrateAt(`sqlite:${path()}`)
    using other = new Database(path())
    other.run(`insert into taskport_migrations (name, checksum) values ('9999_next.sql', 'x')`)
    const names = (await readdir(directory.path)).sort()
    expect(names).toContain('tasks.db-wal')
    const { of } = await check()
    expect(of('migrations')).toMatchObject([
      { status: 'ok' },
      { status: 'warning', found: 'applied by a newer version: 9999_next.sql' },
    ])
    expect((await readdir(directory.path)).sort()).toStrictEqual(names)
  })

  test('is not read if its newest writes cannot be read without changing it', async () => {
    await migrateAt(`sqlite:${path()}`)
    using other = new Database(path())
    other.run(`update taskport_migrations set checksum = 'x'`)
    const copy = join(directory.path, 'copy.db')
    await cp(path(), copy)
    await cp(`${path()}-wal`, `${copy}-wal`)
    const { exitCode, of } = await diagnose({ DATABASE_URL: `sqlite:${copy}` })
    expect(exitCode).toBe(0)
    expect(of('store')).toMatchObject([
      { status: 'warning', found: expect.stringContaining('copy.db-wal has writes') },
    ])
    expect(await readdir(directory.path)).not.toContain('copy.db-shm')
  })

  test('is a problem if a migration was changed after it was applied', async () => {
    await migrateAt(`sqlite:${path()}`)
    using other = new Database(path())
    other.run(`update taskport_migrations set checksum = 'x'`)
    const { exitCode, of } = await check()
    expect(exitCode).toBe(1)
    expect(of('migrations')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('was changed after it was applied') },
    ])
  })

  test.each([
    ['is not a database', 'not a database', 'cannot be read: file is not a database'],
    ['is a directory', null, 'cannot be read'],
  ])('is a problem if the file %s', async (_, content, found) => {
    if (content === null) await mkdir(path())
    else await writeFile(path(), content.repeat(100))
    const { exitCode, of } = await check()
    expect(exitCode).toBe(1)
    expect(of('store')).toMatchObject([{ status: 'problem' }])
    expect(of('store')[0]?.found).toContain(found)
    await rm(path(), { recursive: true })
  })
})
