import { createState } from '../observable.ts'

/** What goes wrong between the devices and the service. The page does it, not the service. */
export interface Trouble {
  /** Every second answer of each device is thrown away. */
  readonly losesAnswers: boolean
  /** Requests wait before they are sent. */
  readonly isSlow: boolean
  /** Requests get 503, and do not reach the service. */
  readonly isUnavailable: boolean
}

export const NO_TROUBLE: Trouble = { losesAnswers: false, isSlow: false, isUnavailable: false }

const SLOW_MS = 2000

/** What happens to one request. */
export interface Fate {
  readonly delayMs: number
  readonly isRefused: boolean
  /** Call it once there is an answer. */
  readonly losesAnswer: () => boolean
}

export type TroubleMaker = ReturnType<typeof createTrouble>

export function createTrouble() {
  const trouble = createState(NO_TROUBLE)

  return {
    state: trouble,

    /** Decides about the requests of one device. */
    forDevice(): () => Fate {
      let answers = 0
      return () => {
        const { isSlow, isUnavailable } = trouble.get()
        return {
          delayMs: isSlow ? SLOW_MS : 0,
          isRefused: isUnavailable,
          losesAnswer: () => trouble.get().losesAnswers && ++answers % 2 === 1,
        }
      }
    },
  }
}
