import { describe, expect, test } from 'bun:test'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Glob, YAML } from 'bun'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { testConfig } from '../support/config.ts'
import { temporaryDirectory } from '../support/process.ts'

const ROOT = join(import.meta.dir, '..', '..')
const COMPOSE = join(ROOT, 'deploy', 'compose.yaml')
const KUBERNETES = join(ROOT, 'deploy', 'kubernetes')

async function run(...command: string[]) {
  const { exitCode, stdout, stderr } = await Bun.$`${process.execPath} run ${command}`
    .cwd(ROOT)
    .nothrow()
    .quiet()
  return { exitCode, output: `${stdout}${stderr}` }
}

describe('compose.yaml', () => {
  // The linter contains the schema of the Compose Specification.
  const lint = (path: string) => run('dclint', '--max-warnings', '0', path)

  test('passes the linter', async () => {
    expect(await lint(COMPOSE)).toMatchObject({ exitCode: 0 })
  })

  test.each([
    ['a key that does not exist', 'read_only:', 'readonly:', 'invalid-schema'],
    ['a value of the wrong type', 'restart: unless-stopped', 'restart: [always]', 'invalid-schema'],
    [
      'a port that two services publish',
      /(?=^ {4}volumes:)/m,
      "    ports: ['8000:8000']\n",
      'no-duplicate-exported-ports',
    ],
  ])('fails the linter with %s', async (_, good, bad, rule) => {
    await using directory = await temporaryDirectory()
    const path = join(directory.path, 'compose.yaml')
    const original = await Bun.file(COMPOSE).text()
    const planted = original.replace(good, bad)
    expect(planted).not.toBe(original)
    await Bun.write(path, planted)
    const { exitCode, output } = await lint(path)
    expect(exitCode).toBe(1)
    expect(output).toContain(rule)
  })

  test('requires its secrets, which .env.example lists', async () => {
    const needed = [...(await Bun.file(COMPOSE).text()).matchAll(/\$\{(\w+):?\?/g)]
    const example = await Bun.file(join(ROOT, 'deploy', '.env.example')).text()
    expect(needed.map(([, name]) => name)).toStrictEqual([
      'POSTGRES_PASSWORD',
      'BETTER_AUTH_SECRET',
    ])
    for (const [, name] of needed) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'))
  })
})

/** The module with the types and the validation of each kind. */
const KINDS: Record<string, string> = {
  Deployment: 'apps/v1/Deployment',
  Service: 'v1/Service',
  Secret: 'v1/Secret',
  PodDisruptionBudget: 'policy/v1/PodDisruptionBudget',
}

const Manifest = Compile(Type.Object({ apiVersion: Type.String(), kind: Type.String() }))

/**
 * Returns what is wrong with a manifest, or an empty text. The API's schema finds invalid values,
 * which the types do not cover. The types find unknown members, which the schema accepts.
 */
async function problemsOf(yaml: string): Promise<string> {
  const manifest = YAML.parse(yaml)
  if (!Manifest.Check(manifest)) return 'is not a Kubernetes object'
  const { kind } = manifest
  const module = `kubernetes-models/${KINDS[kind]}`
  const { [kind]: Model } = await import(module)
  try {
    new Model(manifest).validate()
  } catch (error) {
    return `${error}`
  }
  // In a directory from which the package resolves.
  const path = join(ROOT, 'node_modules', '.cache', `manifest-${crypto.randomUUID()}.ts`)
  await Bun.write(
    path,
    `import type { I${kind} } from '${module}'\nexport const manifest: I${kind} = ${JSON.stringify(manifest)}\n`,
  )
  try {
    const flags = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'preserve',
      '--ignoreConfig',
    ]
    const { exitCode, output } = await run('tsc', ...flags, path)
    return exitCode === 0 ? '' : output
  } finally {
    await rm(path)
  }
}

describe('Kubernetes manifests', () => {
  const files = [...new Glob('*.yaml').scanSync(KUBERNETES)].sort()
  const manifests = files.filter((file) => file !== 'kustomization.yaml')
  const read = (file: string) => Bun.file(join(KUBERNETES, file)).text()

  test.each(manifests)('%s is valid', async (file) => {
    expect(await problemsOf(await read(file))).toBe('')
  })

  test.each([
    [
      'deployment.yaml',
      'a misspelt nested member',
      'OnlyRootFilesystem',
      'OnlyRootFileSystem',
      `'"readOnlyRootFileSystem"' does not exist`,
    ],
    ['deployment.yaml', 'a misspelt member', 'replicas:', 'replica:', `'"replica"' does not exist`],
    ['deployment.yaml', 'a string for a number', 'replicas: 2', 'replicas: two', '/spec/replicas'],
    ['deployment.yaml', 'a missing member', /^ {2}selector:\n.*\n.*\n/m, '', 'selector'],
    ['deployment.yaml', 'an unknown version', 'apps/v1', 'apps/v2', '/apiVersion'],
    [
      'service.yaml',
      'an array for an object',
      'selector:\n    ',
      'selector:\n    - ',
      '/spec/selector',
    ],
    [
      'pod-disruption-budget.yaml',
      'a misspelt member',
      'minAvailable',
      'minimumAvailable',
      `'"minimumAvailable"' does not exist`,
    ],
  ])('%s is invalid with %s', async (file, _, good, bad, problem) => {
    const original = await read(file)
    const planted = original.replace(good, bad)
    expect(planted).not.toBe(original)
    expect(await problemsOf(planted)).toContain(problem)
  })

  test('kustomization.yaml lists every manifest except for the example', async () => {
    const resources = manifests.filter((file) => !file.includes('example'))
    expect(YAML.parse(await read('kustomization.yaml'))).toMatchObject({
      resources: expect.arrayContaining(resources),
    })
    expect(resources).toHaveLength(3)
  })

  test('the grace period covers the pause before SIGTERM and the shutdown', async () => {
    const deployment = await read('deployment.yaml')
    const seconds = (member: string) =>
      Number(new RegExp(`${member}: (\\d+)`).exec(deployment)?.[1]) * 1000
    const { shutdownTimeoutMs } = testConfig()
    expect(seconds('terminationGracePeriodSeconds')).toBeGreaterThan(
      seconds('seconds') + shutdownTimeoutMs + 5000,
    )
  })
})
