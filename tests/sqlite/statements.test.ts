import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { createStatements } from '../../adapters/sqlite/statements.ts'

test('keeps a statement, and drops the first when there are too many', () => {
  using database = new Database(':memory:')
  const statements = createStatements(database, 3)
  const numbers = [1, 2, 3].map((n) => statements.prepare<{ n: number }, []>(`select ${n} as n`))
  const [first, second] = numbers
  expect(statements.prepare('select 1 as n')).toBe(first as never)
  const fourth = statements.prepare<{ n: number }, []>('select 4 as n')
  expect(() => first?.get()).toThrow('finalized')
  expect(second?.get()).toStrictEqual({ n: 2 })
  expect(fourth.get()).toStrictEqual({ n: 4 })
  expect(statements.prepare<{ n: number }, []>('select 1 as n').get()).toStrictEqual({ n: 1 })
  statements.close()
  expect(() => fourth.get()).toThrow('finalized')
})
