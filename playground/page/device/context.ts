import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Actions } from './actions.ts'
import type { Device } from './open-device.ts'

interface DeviceContext {
  readonly device: Device
  readonly actions: Actions
}

const Context = createContext<DeviceContext | null>(null)

/** The button of the list that a device shows. */
export function chosenView({ name }: Device): HTMLElement | null {
  return document.querySelector(`#${name.toLowerCase()} .view[aria-current]`)
}

export const DeviceProvider = Context.Provider

export function useDevice(): DeviceContext {
  const context = useContext(Context)
  if (context === null) throw new Error('There is no device around this component')
  return context
}
