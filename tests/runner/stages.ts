import { createProgress, type Result, type Screen } from './progress.ts'

export interface Task {
  readonly name: string
  run(): Promise<Result>
}

/** Tasks that start in this order, `parallel` of them at a time. */
export interface Stage {
  readonly parallel: number
  readonly tasks: readonly Task[]
}

/**
 * Runs one stage after the other, prints a line for each task, and the total as the last line.
 *
 * @returns whether something passed and nothing failed.
 */
export async function runStages(stages: readonly Stage[], screen: Screen): Promise<boolean> {
  const progress = createProgress(
    screen,
    stages.reduce((sum, { tasks }) => sum + tasks.length, 0),
  )
  let passed = 0
  let failed = 0
  for (const { parallel, tasks } of stages) {
    const queue = tasks.values()
    const work = async () => {
      // All workers share this iterator, so each takes the next task.
      for (const task of queue) {
        const finish = progress.start(task.name)
        const result = await task.run()
        finish(result)
        passed += result.passed
        failed += result.failed
      }
    }
    await Promise.all(Array.from({ length: parallel }, work))
  }
  progress.end(`${passed} passed, ${failed} failed`)
  return passed > 0 && failed === 0
}
