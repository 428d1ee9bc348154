import { expect, test } from 'bun:test'
import { createProgress, describeBytes } from '../../app/administration.ts'

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [65_536, '65.5 kB'],
  [1_500_000, '1.5 MB'],
  [1_000_000_000, '1.0 GB'],
  [5_000_000_000_000, '5.0 TB'],
])('describes %d bytes', (bytes, text) => {
  expect(describeBytes(bytes)).toBe(text)
})

test('prints no progress before it takes long', () => {
  const printed: string[] = []
  const progress = createProgress((text) => printed.push(text), 3_600_000)
  progress('deleted 1 task')
  expect(printed).toStrictEqual([])
  createProgress((text) => printed.push(text), 0)('deleted 2 tasks')
  expect(printed).toStrictEqual(['deleted 2 tasks …\n'])
})
