import { expect, setDefaultTimeout, test } from 'bun:test'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { YAML } from 'bun'
import { temporaryDirectory } from '../support/process.ts'

setDefaultTimeout(30_000)

const GRAFANA = join(import.meta.dir, '..', '..', 'deploy', 'grafana')
const RULES = join(GRAFANA, 'alerts.yaml')
const TESTS = join(import.meta.dir, 'alerts.yaml')

async function promtool(...args: string[]) {
  const { exitCode, stdout, stderr } = await Bun.$`promtool ${args}`.nothrow().quiet()
  return { exitCode, output: `${stdout}${stderr}` }
}

const read = (path: string) => Bun.file(path).text()

test('Prometheus accepts the alert rules, and the example of its configuration', async () => {
  expect(await promtool('check', 'rules', RULES)).toMatchObject({ exitCode: 0 })
  const config = await promtool('check', 'config', join(GRAFANA, 'prometheus.yaml'))
  expect(config).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('1 rule files found'),
  })
})

test('the alerts fire when they should, and only then', async () => {
  expect(await promtool('test', 'rules', TESTS)).toMatchObject({ exitCode: 0 })
})

test('each alert has a test in which it fires, and one in which it does not', async () => {
  const { groups } = Object(YAML.parse(await read(RULES)))
  const { tests } = Object(YAML.parse(await read(TESTS)))
  const names = (cases: object[], fires: boolean) => {
    const matching = cases
      .map((example) => Object(example).alert_rule_test[0])
      .filter(({ exp_alerts }) => exp_alerts.length > 0 === fires)
    return [...new Set(matching.map(({ alertname }) => `${alertname}`))].toSorted()
  }
  const rules = Object(groups[0]).rules.map(({ alert }: { alert: string }) => alert)
  expect(names(tests, true)).toStrictEqual(rules.toSorted())
  expect(names(tests, false)).toStrictEqual(rules.toSorted())
})

test.each([
  ['a threshold that is never reached', '> 0.05', '> 5'],
  ['a label that does not exist', 'outcome="damaged"', 'result="damaged"'],
  ['a time that is too long', 'for: 2m', 'for: 1h'],
  ['a missing time', 'for: 2m', 'for: 0m'],
])('the tests of the alerts find %s', async (_what, good, bad) => {
  await using directory = await temporaryDirectory()
  const [rules, tests] = [join(directory.path, 'rules.yaml'), join(directory.path, 'tests.yaml')]
  const original = await read(RULES)
  expect(original).toContain(good)
  await Bun.write(rules, original.replace(good, bad))
  await Bun.write(tests, (await read(TESTS)).replace(/- .*alerts\.yaml$/m, '- rules.yaml'))
  expect(await promtool('check', 'rules', rules)).toMatchObject({ exitCode: 0 })
  expect(await promtool('test', 'rules', tests)).toMatchObject({ exitCode: 1 })
  await copyFile(RULES, rules)
  expect(await promtool('test', 'rules', tests)).toMatchObject({ exitCode: 0 })
})

test('the checker finds a syntax error in a rule', async () => {
  await using directory = await temporaryDirectory()
  const rules = join(directory.path, 'rules.yaml')
  await Bun.write(rules, (await read(RULES)).replace('> 0.05', '> > 0.05'))
  const { exitCode, output } = await promtool('check', 'rules', rules)
  expect(exitCode).not.toBe(0)
  expect(output).toContain('parse error')
})
