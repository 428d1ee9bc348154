import type { components, operations } from './openapi.ts'

type Schemas = components['schemas']

export type Task = Schemas['Task']
export type TaskCreate = Schemas['TaskCreate']
export type TaskUpdate = Schemas['TaskUpdate']
export type TaskPatch = Schemas['TaskPatch']
export type TaskMove = Schemas['TaskMove']
export type TaskBatch = Schemas['TaskBatch']
export type BatchResults = Schemas['BatchResults']
export type ClearedTasks = Schemas['ClearedTasks']
export type TaskList = Schemas['TaskList']
export type TaskQuery = NonNullable<operations['listTasks']['parameters']['query']>
export type List = Schemas['List']
export type CountedList = Schemas['CountedList']
export type ListOfLists = Schemas['ListOfLists']
export type ListCreate = Schemas['ListCreate']
export type ListPatch = Schemas['ListPatch']
export type ListMove = Schemas['ListMove']
export type TaskChange = Schemas['TaskChange']
export type ChangeList = Schemas['ChangeList']
export type Health = Schemas['Health']
export type ServiceInfo = Schemas['ServiceInfo']
