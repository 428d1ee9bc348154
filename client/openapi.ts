// Generated from openapi.json by `bun run openapi`.

export interface paths {
    readonly "/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the name and version of the service
         * @description Returns the name and version of the service, and the path of its documentation. In demo mode, browsers get a page to try the service in instead.
         */
        readonly get: operations["getServiceInfo"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Check the health of the service
         * @description Reports whether the service can reach its database. Responds within a second, even if the database does not.
         */
        readonly get: operations["healthCheck"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tasks/changes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List changes
         * @description Without a cursor, returns every list, and then every task that is not in the trash. With the cursor of an earlier response, returns what has changed since: each list (`list`) and each task (`upsert`) once, in its current state, and deleted ones as `list_deleted` and `delete`. Ignore changes of types that you do not know. No change is left out, but one may come twice. Store `next_cursor` together with the changes, then ask again: right away if `has_more` is true, otherwise at any time, or with `wait`.
         */
        readonly get: operations["listChanges"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tasks/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Stream changes
         * @description Sends the changes of `listChanges` as server-sent events, as soon as they happen. The events are `list`, `list_deleted`, `upsert` and `delete`, with the change as JSON; `synced` when you have everything, with `{"snapshot": true}` if the stream began with every list and task; and `end` before the server closes the stream, with one of the reasons TOKEN_EXPIRED, CURSOR_EXPIRED, SHUTTING_DOWN, INTERNAL_ERROR. Changes that belong together arrive together, and the last of them has an `id`. Ignore events that you do not know. To resume, reconnect with that id as `Last-Event-ID` or as `cursor`. The `EventSource` of browsers cannot send a token, so use `fetch` and read the body.
         */
        readonly get: operations["streamChanges"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tasks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List your tasks
         * @description Returns all of your tasks, newest first. Updates do not reorder them. With `limit`, returns them in pages: a task that does not change while you read the pages is on exactly one of them, even if others are added, moved or deleted meanwhile. Empty parameters count as absent.
         */
        readonly get: operations["listTasks"];
        readonly put?: never;
        /**
         * Create a task
         * @description Creates a task at the top of the manual order. Only `text` is required. Members that the service sets, such as the id, the order and the times, are ignored. A subtask is in the list of its parent.
         */
        readonly post: operations["createTask"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tasks/batch": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Run up to 100 operations
         * @description Runs operations in the order given: `create`, `patch`, `delete`, `restore` and `move` on tasks, `create_list`, `patch_list`, `delete_list` and `move_list` on lists. Each takes the `id` of its task or list (except creates), the `body` that a separate request would have, and optionally `if_match`, which works like the header `If-Match`. In place of an id, `$0` stands for the task or list that operation 0 of the same batch creates. If `atomic` is true, all of them succeed or none does: the response is the error of the first operation that fails, and its `details` tell which one failed. Otherwise each operation has its own result.
         */
        readonly post: operations["batchTasks"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tasks/clear-completed": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Delete completed tasks
         * @description Moves completed tasks and their subtasks to the trash, up to 500 at once. Completed tasks with open subtasks stay. If `has_more` is true, send the request again. The body is ignored.
         */
        readonly post: operations["clearCompleted"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tasks/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a task
         * @description Returns one task that is not in the trash.
         */
        readonly get: operations["getTask"];
        /**
         * Replace a task
         * @description Sets `text` and `completed`, which are both required, and the other members that are present. Never creates a task.
         */
        readonly put: operations["updateTask"];
        readonly post?: never;
        /**
         * Delete a task
         * @description Moves the task and its subtasks to the trash, from which you can restore them for 30 days, unless this server is configured otherwise. With `permanent=true`, deletes them permanently.
         */
        readonly delete: operations["deleteTask"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a task
         * @description Sets the members that are present and keeps the others. `null` stands for the default. `{}` changes nothing. Completing a task with a `recurrence` creates the next one, and `successor_id` is its id. Making the task open again takes that back, unless the next task has been changed.
         */
        readonly patch: operations["patchTask"];
        readonly trace?: never;
    };
    readonly "/tasks/{id}/restore": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Restore a task
         * @description Moves a task out of the trash, to its old position, together with the subtasks that were deleted with it. A task that is not in the trash stays as it is. The body is ignored.
         */
        readonly post: operations["restoreTask"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tasks/{id}/move": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Move a task
         * @description Moves the task in the manual order (`sort=order`): before or after another of your tasks, or to the top or the bottom.
         */
        readonly post: operations["moveTask"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/lists": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List your lists
         * @description Returns all of your lists in their order, each with the number of its open tasks (`open`). Tasks in the inbox are in no list.
         */
        readonly get: operations["listLists"];
        readonly put?: never;
        /**
         * Create a list
         * @description Creates a list after the others. You can have up to 500 lists. Other members than `name` and `color` are ignored.
         */
        readonly post: operations["createList"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/lists/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a list
         * @description Returns one list. To get its tasks, use `GET /tasks?list=` with its id.
         */
        readonly get: operations["getList"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a list
         * @description Deletes the list permanently, and moves its tasks to the trash. A task that is restored from there is in the inbox.
         */
        readonly delete: operations["deleteList"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a list
         * @description Sets the members that are present and keeps the others. `{}` changes nothing.
         */
        readonly patch: operations["patchList"];
        readonly trace?: never;
    };
    readonly "/lists/{id}/move": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Move a list
         * @description Moves the list before or after another of your lists, or to the top or the bottom.
         */
        readonly post: operations["moveList"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tokens": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List your API tokens
         * @description Returns all of your API tokens, oldest first, without their secrets. A token that has expired is removed 30 days later.
         */
        readonly get: operations["listTokens"];
        readonly put?: never;
        /**
         * Create an API token
         * @description Creates a token for a program that cannot sign in. Only this response contains the token itself: store it at once. You can have up to 50 tokens. Do not retry without need: a repeated request creates another token, and `Idempotency-Key` is ignored, because the service keeps no copy of the token. Other members than `name`, `scopes` and `expires_at` are ignored.
         */
        readonly post: operations["createToken"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tokens/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete an API token
         * @description Deletes the token. Within 30 seconds, no request with it succeeds any more, and its event streams end.
         */
        readonly delete: operations["deleteToken"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One task. */
        readonly Task: {
            /**
             * Format: uuid
             * @description a UUID, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly id: string;
            /**
             * @description 1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Buy milk
             */
            readonly text: string;
            /** @description Notes: up to 10000 characters (Unicode code points), with neither U+0000 nor a lone surrogate. `null` for none; an empty text counts as `null`. */
            readonly description: string | null;
            /** @description true or false */
            readonly completed: boolean;
            /** @description A day such as 2026-01-31, or a local time such as 2026-01-31T09:30, without seconds or offset. It is never converted to another time zone. `null` for none, which also clears `time_zone` and `recurrence`. */
            readonly due: string | null;
            /** @description The IANA time zone of `due`, such as Europe/Berlin. Only for a `due` with a time. `null` means the time zone of the reader. */
            readonly time_zone: string | null;
            /**
             * @description One of none, low, medium, high.
             * @enum {unknown}
             */
            readonly priority: "none" | "low" | "medium" | "high";
            /** @description Up to 20 tags, each 1 to 50 characters without control characters or white space at the ends. No two may be alike: letter case and Unicode normalization make no difference. */
            readonly tags: readonly string[];
            /** @description The id of one of your lists. `null` for the inbox. */
            readonly list_id: string | null;
            /** @description The id of the task that this one is a subtask of: a task in the same list that has no parent itself. `null` for none. */
            readonly parent_id: string | null;
            /** @description How the task repeats, such as `{"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due"}`: an RRULE of RFC 5545, counted from `due` or from the day of completion. Needs a `due`. Completing the task creates the next one. `null` for a task that does not repeat. */
            readonly recurrence: {
                /** @example FREQ=WEEKLY;BYDAY=MO */
                readonly rule: string;
                /** @enum {unknown} */
                readonly from: "due" | "completion";
            } | null;
            /** @description Read-only. The id of the task that followed when this recurring task was completed; otherwise `null`. */
            readonly successor_id: string | null;
            /**
             * @description a whole number: the lowest comes first
             * @example -1024
             */
            readonly order: number;
            /**
             * @description a whole number: 1 at creation, raised by one with every write that changes it
             * @example 1
             */
            readonly version: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, with milliseconds.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, with milliseconds.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updated_at: string;
            /** @description When the task was completed; `null` while it is not completed. */
            readonly completed_at: string | null;
            /**
             * Format: date-time
             * @description When the task was moved to the trash; absent for a task that is not in the trash.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deleted_at?: string;
        };
        /** @description A list of tasks, or one page of it. */
        readonly TaskList: {
            readonly tasks: readonly components["schemas"]["Task"][];
            /** @description The number of tasks that match the filters, on all pages. */
            readonly count: number;
            /** @description Send it as `cursor`, with the same `sort` and filters, to get the next page. `null` on the last page. */
            readonly next_cursor: string | null;
        };
        /** @description A new task. Absent members and `null` stand for the default. Other members are ignored. */
        readonly TaskCreate: {
            /**
             * @description 1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Buy milk
             */
            readonly text: string;
            /** @description Notes: up to 10000 characters (Unicode code points), with neither U+0000 nor a lone surrogate. `null` for none; an empty text counts as `null`. */
            readonly description?: string | null;
            /** @description A day such as 2026-01-31, or a local time such as 2026-01-31T09:30, without seconds or offset. It is never converted to another time zone. `null` for none, which also clears `time_zone` and `recurrence`. */
            readonly due?: string | null;
            /** @description The IANA time zone of `due`, such as Europe/Berlin. Only for a `due` with a time. `null` means the time zone of the reader. */
            readonly time_zone?: string | null;
            /** @description One of none, low, medium, high. */
            readonly priority?: ("none" | "low" | "medium" | "high") | null;
            /** @description Up to 20 tags, each 1 to 50 characters without control characters or white space at the ends. No two may be alike: letter case and Unicode normalization make no difference. */
            readonly tags?: readonly string[] | null;
            /** @description The id of one of your lists. `null` for the inbox. */
            readonly list_id?: string | null;
            /** @description The id of the task that this one is a subtask of: a task in the same list that has no parent itself. `null` for none. */
            readonly parent_id?: string | null;
            /** @description How the task repeats, such as `{"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due"}`: an RRULE of RFC 5545, counted from `due` or from the day of completion. Needs a `due`. Completing the task creates the next one. `null` for a task that does not repeat. */
            readonly recurrence?: {
                /** @example FREQ=WEEKLY;BYDAY=MO */
                readonly rule: string;
                /** @enum {unknown} */
                readonly from?: "due" | "completion";
            } | null;
        };
        /** @description The new values of a task. Members other than `text` and `completed` keep their values if they are absent. `null` stands for the default. Other members are ignored. */
        readonly TaskUpdate: {
            /**
             * @description 1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Buy milk
             */
            readonly text: string;
            /** @description true or false */
            readonly completed: boolean;
            /** @description Notes: up to 10000 characters (Unicode code points), with neither U+0000 nor a lone surrogate. `null` for none; an empty text counts as `null`. */
            readonly description?: string | null;
            /** @description A day such as 2026-01-31, or a local time such as 2026-01-31T09:30, without seconds or offset. It is never converted to another time zone. `null` for none, which also clears `time_zone` and `recurrence`. */
            readonly due?: string | null;
            /** @description The IANA time zone of `due`, such as Europe/Berlin. Only for a `due` with a time. `null` means the time zone of the reader. */
            readonly time_zone?: string | null;
            /** @description One of none, low, medium, high. */
            readonly priority?: ("none" | "low" | "medium" | "high") | null;
            /** @description Up to 20 tags, each 1 to 50 characters without control characters or white space at the ends. No two may be alike: letter case and Unicode normalization make no difference. */
            readonly tags?: readonly string[] | null;
            /** @description The id of one of your lists. `null` for the inbox. */
            readonly list_id?: string | null;
            /** @description The id of the task that this one is a subtask of: a task in the same list that has no parent itself. `null` for none. */
            readonly parent_id?: string | null;
            /** @description How the task repeats, such as `{"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due"}`: an RRULE of RFC 5545, counted from `due` or from the day of completion. Needs a `due`. Completing the task creates the next one. `null` for a task that does not repeat. */
            readonly recurrence?: {
                /** @example FREQ=WEEKLY;BYDAY=MO */
                readonly rule: string;
                /** @enum {unknown} */
                readonly from?: "due" | "completion";
            } | null;
        };
        /** @description What to change in a task. Absent members keep their values. `null` stands for the default. */
        readonly TaskPatch: {
            /**
             * @description 1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Buy milk
             */
            readonly text?: string;
            /** @description true or false */
            readonly completed?: boolean;
            /** @description Notes: up to 10000 characters (Unicode code points), with neither U+0000 nor a lone surrogate. `null` for none; an empty text counts as `null`. */
            readonly description?: string | null;
            /** @description A day such as 2026-01-31, or a local time such as 2026-01-31T09:30, without seconds or offset. It is never converted to another time zone. `null` for none, which also clears `time_zone` and `recurrence`. */
            readonly due?: string | null;
            /** @description The IANA time zone of `due`, such as Europe/Berlin. Only for a `due` with a time. `null` means the time zone of the reader. */
            readonly time_zone?: string | null;
            /** @description One of none, low, medium, high. */
            readonly priority?: ("none" | "low" | "medium" | "high") | null;
            /** @description Up to 20 tags, each 1 to 50 characters without control characters or white space at the ends. No two may be alike: letter case and Unicode normalization make no difference. */
            readonly tags?: readonly string[] | null;
            /** @description The id of one of your lists. `null` for the inbox. */
            readonly list_id?: string | null;
            /** @description The id of the task that this one is a subtask of: a task in the same list that has no parent itself. `null` for none. */
            readonly parent_id?: string | null;
            /** @description How the task repeats, such as `{"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due"}`: an RRULE of RFC 5545, counted from `due` or from the day of completion. Needs a `due`. Completing the task creates the next one. `null` for a task that does not repeat. */
            readonly recurrence?: {
                /** @example FREQ=WEEKLY;BYDAY=MO */
                readonly rule: string;
                /** @enum {unknown} */
                readonly from?: "due" | "completion";
            } | null;
        };
        /** @description Where to move the task: exactly one of these members. */
        readonly TaskMove: {
            /**
             * Format: uuid
             * @description the id of another of your tasks, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly before?: string;
            /**
             * Format: uuid
             * @description the id of another of your tasks, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly after?: string;
            /**
             * @description top or bottom
             * @enum {unknown}
             */
            readonly to?: "top" | "bottom";
        };
        /** @description One operation of a batch. */
        readonly TaskOperation: {
            /**
             * @description one of create, patch, delete, restore, move, create_list, patch_list, delete_list, move_list
             * @enum {unknown}
             */
            readonly op: "create" | "patch" | "delete" | "restore" | "move" | "create_list" | "patch_list" | "delete_list" | "move_list";
            /** @description The id of a task or list, or `$` and the number of an earlier operation of the same batch that creates it, such as `$0`. */
            readonly id?: string;
            /**
             * @description like the header If-Match: * or entity tags such as "v7"
             * @example "v7"
             */
            readonly if_match?: string;
            /** @description The body that a separate request would have, for creates, patches and moves. */
            readonly body?: components["schemas"]["BatchTaskCreate"] | components["schemas"]["BatchTaskPatch"] | components["schemas"]["BatchMove"] | components["schemas"]["ListCreate"] | components["schemas"]["ListPatch"];
        };
        /** @description Operations to run in one request. */
        readonly TaskBatch: {
            /** @description true or false */
            readonly atomic: boolean;
            /** @description an array of 1 to 100 operations */
            readonly operations: readonly components["schemas"]["TaskOperation"][];
        };
        /** @description A new task. Absent members and `null` stand for the default. Other members are ignored. */
        readonly BatchTaskCreate: {
            /**
             * @description 1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Buy milk
             */
            readonly text: string;
            /** @description Notes: up to 10000 characters (Unicode code points), with neither U+0000 nor a lone surrogate. `null` for none; an empty text counts as `null`. */
            readonly description?: string | null;
            /** @description A day such as 2026-01-31, or a local time such as 2026-01-31T09:30, without seconds or offset. It is never converted to another time zone. `null` for none, which also clears `time_zone` and `recurrence`. */
            readonly due?: string | null;
            /** @description The IANA time zone of `due`, such as Europe/Berlin. Only for a `due` with a time. `null` means the time zone of the reader. */
            readonly time_zone?: string | null;
            /** @description One of none, low, medium, high. */
            readonly priority?: ("none" | "low" | "medium" | "high") | null;
            /** @description Up to 20 tags, each 1 to 50 characters without control characters or white space at the ends. No two may be alike: letter case and Unicode normalization make no difference. */
            readonly tags?: readonly string[] | null;
            /** @description The id of a task or list, or `$` and the number of an earlier operation of the same batch that creates it, such as `$0`. */
            readonly list_id?: string | null;
            /** @description The id of a task or list, or `$` and the number of an earlier operation of the same batch that creates it, such as `$0`. */
            readonly parent_id?: string | null;
            /** @description How the task repeats, such as `{"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due"}`: an RRULE of RFC 5545, counted from `due` or from the day of completion. Needs a `due`. Completing the task creates the next one. `null` for a task that does not repeat. */
            readonly recurrence?: {
                /** @example FREQ=WEEKLY;BYDAY=MO */
                readonly rule: string;
                /** @enum {unknown} */
                readonly from?: "due" | "completion";
            } | null;
        };
        /** @description What to change in a task. Absent members keep their values. `null` stands for the default. */
        readonly BatchTaskPatch: {
            /**
             * @description 1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Buy milk
             */
            readonly text?: string;
            /** @description true or false */
            readonly completed?: boolean;
            /** @description Notes: up to 10000 characters (Unicode code points), with neither U+0000 nor a lone surrogate. `null` for none; an empty text counts as `null`. */
            readonly description?: string | null;
            /** @description A day such as 2026-01-31, or a local time such as 2026-01-31T09:30, without seconds or offset. It is never converted to another time zone. `null` for none, which also clears `time_zone` and `recurrence`. */
            readonly due?: string | null;
            /** @description The IANA time zone of `due`, such as Europe/Berlin. Only for a `due` with a time. `null` means the time zone of the reader. */
            readonly time_zone?: string | null;
            /** @description One of none, low, medium, high. */
            readonly priority?: ("none" | "low" | "medium" | "high") | null;
            /** @description Up to 20 tags, each 1 to 50 characters without control characters or white space at the ends. No two may be alike: letter case and Unicode normalization make no difference. */
            readonly tags?: readonly string[] | null;
            /** @description The id of a task or list, or `$` and the number of an earlier operation of the same batch that creates it, such as `$0`. */
            readonly list_id?: string | null;
            /** @description The id of a task or list, or `$` and the number of an earlier operation of the same batch that creates it, such as `$0`. */
            readonly parent_id?: string | null;
            /** @description How the task repeats, such as `{"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "due"}`: an RRULE of RFC 5545, counted from `due` or from the day of completion. Needs a `due`. Completing the task creates the next one. `null` for a task that does not repeat. */
            readonly recurrence?: {
                /** @example FREQ=WEEKLY;BYDAY=MO */
                readonly rule: string;
                /** @enum {unknown} */
                readonly from?: "due" | "completion";
            } | null;
        };
        /** @description Where to move the task or list: exactly one of these members. */
        readonly BatchMove: {
            /** @description The id of a task or list, or `$` and the number of an earlier operation of the same batch that creates it, such as `$0`. */
            readonly before?: string;
            /** @description The id of a task or list, or `$` and the number of an earlier operation of the same batch that creates it, such as `$0`. */
            readonly after?: string;
            /**
             * @description top or bottom
             * @enum {unknown}
             */
            readonly to?: "top" | "bottom";
        };
        /** @description The result of one operation: the task or the list after the change, or an error. Only the status if the operation deleted something. */
        readonly BatchResult: {
            /** @description The status that a separate request would have returned: 201 for a created task or list, 200 for a changed one, 204 for a deleted one, or the status of the error. */
            readonly status: number;
            readonly task?: components["schemas"]["Task"];
            readonly list?: components["schemas"]["List"];
            readonly error?: components["schemas"]["Error"];
        };
        /** @description The results of the operations, in the same order. */
        readonly BatchResults: {
            readonly results: readonly components["schemas"]["BatchResult"][];
        };
        /** @description The result of deleting completed tasks. */
        readonly ClearedTasks: {
            /** @description The number of deleted tasks. */
            readonly count: number;
            /** @description Whether there are more completed tasks to delete. */
            readonly has_more: boolean;
        };
        /** @description One list. */
        readonly List: {
            /**
             * Format: uuid
             * @description a UUID, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly id: string;
            /**
             * @description 1 to 100 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Groceries
             */
            readonly name: string;
            /**
             * @description a color such as #1e90ff, or null
             * @example #1e90ff
             */
            readonly color: string | null;
            /**
             * @description a whole number: the lowest comes first
             * @example -1024
             */
            readonly order: number;
            /**
             * @description a whole number: 1 at creation, raised by one with every write that changes it
             * @example 1
             */
            readonly version: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, with milliseconds.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, with milliseconds.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updated_at: string;
        };
        /** @description One list, with the number of its open tasks. */
        readonly CountedList: {
            /**
             * Format: uuid
             * @description a UUID, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly id: string;
            /**
             * @description 1 to 100 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Groceries
             */
            readonly name: string;
            /**
             * @description a color such as #1e90ff, or null
             * @example #1e90ff
             */
            readonly color: string | null;
            /**
             * @description a whole number: the lowest comes first
             * @example -1024
             */
            readonly order: number;
            /**
             * @description a whole number: 1 at creation, raised by one with every write that changes it
             * @example 1
             */
            readonly version: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, with milliseconds.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, with milliseconds.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updated_at: string;
            /**
             * @description The number of its tasks that are neither completed nor deleted.
             * @example 3
             */
            readonly open: number;
        };
        /** @description All lists, in their order. */
        readonly ListOfLists: {
            readonly lists: readonly components["schemas"]["CountedList"][];
            /** @description The number of lists. */
            readonly count: number;
        };
        /** @description A new list. Other members are ignored. */
        readonly ListCreate: {
            /**
             * @description 1 to 100 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Groceries
             */
            readonly name: string;
            /**
             * @description a color such as #1e90ff, or null
             * @example #1e90ff
             */
            readonly color?: string | null;
        };
        /** @description What to change in a list. Absent members keep their values. */
        readonly ListPatch: {
            /**
             * @description 1 to 100 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Groceries
             */
            readonly name?: string;
            /**
             * @description a color such as #1e90ff, or null
             * @example #1e90ff
             */
            readonly color?: string | null;
        };
        /** @description Where to move the list: exactly one of these members. */
        readonly ListMove: {
            /**
             * Format: uuid
             * @description the id of another of your lists, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly before?: string;
            /**
             * Format: uuid
             * @description the id of another of your lists, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly after?: string;
            /**
             * @description top or bottom
             * @enum {unknown}
             */
            readonly to?: "top" | "bottom";
        };
        /** @description A change of one task or list. */
        readonly TaskChange: {
            /** @constant */
            readonly type: "list";
            readonly list: components["schemas"]["List"];
        } | {
            /** @constant */
            readonly type: "list_deleted";
            /**
             * Format: uuid
             * @description a UUID, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly id: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, with milliseconds.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deleted_at: string;
        } | {
            /** @constant */
            readonly type: "upsert";
            readonly task: components["schemas"]["Task"];
        } | {
            /** @constant */
            readonly type: "delete";
            /**
             * Format: uuid
             * @description a UUID, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly id: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, with milliseconds.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deleted_at: string;
        };
        /** @description Changes, oldest first. */
        readonly ChangeList: {
            readonly changes: readonly components["schemas"]["TaskChange"][];
            /** @description Send it as `cursor` to get the changes after these. */
            readonly next_cursor: string;
            /** @description Whether there are more changes to read right away. */
            readonly has_more: boolean;
        };
        /** @description One API token, without its secret. */
        readonly ApiToken: {
            /**
             * Format: uuid
             * @description a UUID, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly id: string;
            /**
             * @description 1 to 100 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example CI
             */
            readonly name: string;
            /**
             * @description ["read"] or ["read", "write"]
             * @example [
             *       "read",
             *       "write"
             *     ]
             */
            readonly scopes: readonly ("read" | "write")[];
            /**
             * Format: date-time
             * @description RFC 3339, UTC, with milliseconds.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly created_at: string;
            /** @description From when on the token is not accepted; `null` for never. */
            readonly expires_at: string | null;
            /** @description The hour in which the token was last used; `null` if it has not been used. */
            readonly last_used_at: string | null;
        };
        /** @description All API tokens. */
        readonly ApiTokenList: {
            readonly tokens: readonly components["schemas"]["ApiToken"][];
        };
        /** @description A new API token. Other members are ignored. */
        readonly ApiTokenCreate: {
            /**
             * @description 1 to 100 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example CI
             */
            readonly name: string;
            /**
             * @description ["read"] or ["read", "write"]
             * @example [
             *       "read",
             *       "write"
             *     ]
             */
            readonly scopes: readonly ("read" | "write")[];
            /** @description null, or a time in the future in RFC 3339, such as 2027-01-31T09:30:00Z */
            readonly expires_at?: string | null;
        };
        /** @description A new API token, with its secret. */
        readonly NewApiToken: {
            /**
             * Format: uuid
             * @description a UUID, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly id: string;
            /**
             * @description 1 to 100 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example CI
             */
            readonly name: string;
            /**
             * @description ["read"] or ["read", "write"]
             * @example [
             *       "read",
             *       "write"
             *     ]
             */
            readonly scopes: readonly ("read" | "write")[];
            /**
             * Format: date-time
             * @description RFC 3339, UTC, with milliseconds.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly created_at: string;
            /** @description From when on the token is not accepted; `null` for never. */
            readonly expires_at: string | null;
            /** @description The hour in which the token was last used; `null` if it has not been used. */
            readonly last_used_at: string | null;
            /** @description The secret text to send. It is not stored, and cannot be read again. */
            readonly token: string;
        };
        /** @description The health of the service. */
        readonly Health: {
            /** @enum {unknown} */
            readonly status: "healthy" | "unhealthy";
            /** @enum {unknown} */
            readonly database: "connected" | "disconnected";
            /** @description The version of this service. */
            readonly version: string;
        };
        /** @description The name and version of the service. */
        readonly ServiceInfo: {
            /** @description The name of the software. */
            readonly name: string;
            /** @description The version of this service. */
            readonly version: string;
            /** @description The path of the API documentation. */
            readonly docs: string;
        };
        /** @description The body of every error. */
        readonly Error: {
            /**
             * @description The error code, for programs.
             * @enum {unknown}
             */
            readonly error: "BAD_REQUEST" | "UNAUTHORIZED" | "FORBIDDEN" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "CURSOR_EXPIRED" | "PRECONDITION_FAILED" | "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "VALIDATION_ERROR" | "PRECONDITION_REQUIRED" | "RATE_LIMITED" | "INTERNAL_ERROR" | "SERVICE_UNAVAILABLE";
            /** @description An explanation, for people. */
            readonly message: string;
            /** @description One entry for each invalid field: `field: what is wrong`. For an atomic batch, the operation that failed: `operations[1]: what is wrong`. */
            readonly details?: readonly string[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly getServiceInfo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The name and version of the service. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Taskport",
                     *       "version": "0.1.0",
                     *       "docs": "/docs"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["ServiceInfo"];
                };
            };
            /** @description The headers of the request are too large. The HTTP parser sends this response, without a body, before the request reaches the service; any request can get it. */
            readonly 431: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly healthCheck: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The database responds. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "healthy",
                     *       "database": "connected",
                     *       "version": "0.1.0"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
            /** @description The headers of the request are too large. The HTTP parser sends this response, without a body, before the request reaches the service; any request can get it. */
            readonly 431: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The database does not respond. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "unhealthy",
                     *       "database": "disconnected",
                     *       "version": "0.1.0"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    readonly listChanges: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description The `next_cursor` of an earlier response, or the `id` of an event. Without a cursor, you get every list and task first.
                 * @example ZXA4TnlETWRDTzI4NWMxZDJlM2YuNDIuMC5mZmZmZmZmZi1mZmZmLWZmZmYtZmZmZi1mZmZmZmZmZmZmZmY
                 */
                readonly cursor?: string;
                /**
                 * @description The maximum number of changes.
                 * @example 1000
                 */
                readonly limit?: number;
                /**
                 * @description How many seconds the server waits for a change if there is none yet (long polling). Without a cursor it does not wait.
                 * @example 25
                 */
                readonly wait?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The changes, oldest first; an empty list if there are none. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changes": [
                     *         {
                     *           "type": "list",
                     *           "list": {
                     *             "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a95",
                     *             "name": "Groceries",
                     *             "color": "#1e90ff",
                     *             "order": 1024,
                     *             "version": 1,
                     *             "created_at": "2026-01-31T09:30:00.000Z",
                     *             "updated_at": "2026-01-31T09:30:00.000Z"
                     *           }
                     *         },
                     *         {
                     *           "type": "upsert",
                     *           "task": {
                     *             "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                     *             "text": "Buy milk",
                     *             "description": null,
                     *             "completed": false,
                     *             "due": null,
                     *             "time_zone": null,
                     *             "priority": "none",
                     *             "tags": [],
                     *             "list_id": null,
                     *             "parent_id": null,
                     *             "recurrence": null,
                     *             "successor_id": null,
                     *             "order": -1024,
                     *             "version": 1,
                     *             "created_at": "2026-01-31T09:30:00.000Z",
                     *             "updated_at": "2026-01-31T09:30:00.000Z",
                     *             "completed_at": null
                     *           }
                     *         },
                     *         {
                     *           "type": "delete",
                     *           "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a92",
                     *           "deleted_at": "2026-01-31T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": "ZXA4TnlETWRDTzI4NWMxZDJlM2YuNDIuMC5mZmZmZmZmZi1mZmZmLWZmZmYtZmZmZi1mZmZmZmZmZmZmZmY",
                     *       "has_more": false
                     *     }
                     */
                    readonly "application/json": components["schemas"]["ChangeList"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The changes since this cursor are no longer known. Start again without a cursor. */
            readonly 410: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "CURSOR_EXPIRED",
                     *       "message": "Start again without a cursor"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "cursor: must be the next_cursor of an earlier response, or the id of an event"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly streamChanges: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description The `next_cursor` of an earlier response, or the `id` of an event. Without a cursor, you get every list and task first.
                 * @example ZXA4TnlETWRDTzI4NWMxZDJlM2YuNDIuMC5mZmZmZmZmZi1mZmZmLWZmZmYtZmZmZi1mZmZmZmZmZmZmZmY
                 */
                readonly cursor?: string;
            };
            readonly header?: {
                /**
                 * @description The `id` of the last event that you received. Takes precedence over `cursor`.
                 * @example ZXA4TnlETWRDTzI4NWMxZDJlM2YuNDIuMC5mZmZmZmZmZi1mZmZmLWZmZmYtZmZmZi1mZmZmZmZmZmZmZmY
                 */
                readonly "Last-Event-ID"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The stream. It stays open until the client or the server closes it. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 3000
                     *
                     *     event: list
                     *     data: {"type":"list","list":{"id":"019c1325-8e40-7c3d-9a54-1f0e6b2d7a95","name":"Groceries","color":"#1e90ff","order":1024,"version":1,"created_at":"2026-01-31T09:30:00.000Z","updated_at":"2026-01-31T09:30:00.000Z"}}
                     *
                     *     event: upsert
                     *     data: {"type":"upsert","task":{"id":"019c1325-8e40-7c3d-9a54-1f0e6b2d7a90","text":"Buy milk","description":null,"completed":false,"due":null,"time_zone":null,"priority":"none","tags":[],"list_id":null,"parent_id":null,"recurrence":null,"successor_id":null,"order":-1024,"version":1,"created_at":"2026-01-31T09:30:00.000Z","updated_at":"2026-01-31T09:30:00.000Z","completed_at":null}}
                     *
                     *     event: delete
                     *     data: {"type":"delete","id":"019c1325-8e40-7c3d-9a54-1f0e6b2d7a92","deleted_at":"2026-01-31T10:00:00.000Z"}
                     *
                     *     event: synced
                     *     data: {"snapshot":true}
                     *     id: ZXA4TnlETWRDTzI4NWMxZDJlM2YuNDIuMC5mZmZmZmZmZi1mZmZmLWZmZmYtZmZmZi1mZmZmZmZmZmZmZmY
                     */
                    readonly "text/event-stream": string;
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The changes since this cursor are no longer known. Start again without a cursor. */
            readonly 410: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "CURSOR_EXPIRED",
                     *       "message": "Start again without a cursor"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "cursor: must be the next_cursor of an earlier response, or the id of an event"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly listTasks: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description The number of tasks on a page. Without it, you get all tasks at once.
                 * @example 20
                 */
                readonly limit?: number;
                /**
                 * @description The `next_cursor` of the previous page. Send the same `sort` and filters with it.
                 * @example ZkdoMmRVVi1wN3JlMDE5YzEzMjUtOGU0MC03YzNkLTlhNTQtMWYwZTZiMmQ3YTkwMjAyNi0wMS0zMVQwOTozMDowMC4wMDBa
                 */
                readonly cursor?: string;
                /**
                 * @description The sort order; `-` sorts the latest first. `order` is the manual order, which you change by moving tasks. With `due`, tasks without a `due` come last; with `priority`, the highest comes first.
                 * @example order
                 */
                readonly sort?: "-created_at" | "created_at" | "-updated_at" | "updated_at" | "order" | "due" | "priority";
                /**
                 * @description Returns only completed tasks, or only open ones.
                 * @example false
                 */
                readonly completed?: boolean;
                /**
                 * @description Returns only tasks that contain each of these words, anywhere in their text, description or tags. Ignores letter case, accents and punctuation. A search without letters, digits or emoji finds nothing.
                 * @example milk
                 */
                readonly q?: string;
                /**
                 * @description Returns the tasks in the trash instead of the others.
                 * @example only
                 */
                readonly deleted?: "only";
                /**
                 * @description Returns only the tasks of this list, or with `inbox` only tasks that are in no list.
                 * @example inbox
                 */
                readonly list?: string | "inbox";
                /**
                 * @description Returns only tasks with this tag; if repeated, with all of these tags. Letter case makes no difference.
                 * @example [
                 *       "home"
                 *     ]
                 */
                readonly tag?: readonly string[];
                /**
                 * @description Returns only tasks with this priority; if repeated, with any of them.
                 * @example [
                 *       "high"
                 *     ]
                 */
                readonly priority?: readonly ("none" | "low" | "medium" | "high")[];
                /**
                 * @description Returns only the subtasks of this task, or with `none` only tasks that are not subtasks.
                 * @example none
                 */
                readonly parent?: string | "none";
                /**
                 * @description Returns only tasks without a `due`.
                 * @example none
                 */
                readonly due?: "none";
                /**
                 * @description Returns only tasks that are due at this day or local time, or later. Compared with `due` as text: a day comes before every time of that day.
                 * @example 2026-01-31
                 */
                readonly due_after?: string;
                /**
                 * @description Returns only tasks that are due before this day or local time.
                 * @example 2026-02-01
                 */
                readonly due_before?: string;
            };
            readonly header?: {
                /**
                 * @description The `ETag` of the response that you have. If nothing has changed since then, the response is 304, without a body, and does not count against the rate limit.
                 * @example "v7"
                 */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The tasks, or one page of them. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description Changes whenever any of your tasks changes. Lists with different parameters have different tags.
                     * @example "lt5c1d2e3f.42"
                     */
                    readonly ETag?: string;
                    /**
                     * @description The URL of the next page (RFC 8288). Absent on the last page.
                     * @example </tasks?limit=20&cursor=ZkdoMmRVVi1wN3JlMDE5YzEzMjUtOGU0MC03YzNkLTlhNTQtMWYwZTZiMmQ3YTkwMjAyNi0wMS0zMVQwOTozMDowMC4wMDBa>; rel="next"
                     */
                    readonly Link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tasks": [
                     *         {
                     *           "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                     *           "text": "Buy milk",
                     *           "description": null,
                     *           "completed": false,
                     *           "due": null,
                     *           "time_zone": null,
                     *           "priority": "none",
                     *           "tags": [],
                     *           "list_id": null,
                     *           "parent_id": null,
                     *           "recurrence": null,
                     *           "successor_id": null,
                     *           "order": -1024,
                     *           "version": 1,
                     *           "created_at": "2026-01-31T09:30:00.000Z",
                     *           "updated_at": "2026-01-31T09:30:00.000Z",
                     *           "completed_at": null
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "next_cursor": null
                     *     }
                     */
                    readonly "application/json": components["schemas"]["TaskList"];
                };
            };
            /** @description Nothing has changed since the response with this `ETag`. */
            readonly 304: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description Changes whenever any of your tasks changes. Lists with different parameters have different tags.
                     * @example "lt5c1d2e3f.42"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "limit: must be a whole number from 1 to 1000"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly createTask: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description A unique key for this request, such as a random UUID, which makes it safe to retry. If you send the request again with the same key within 24 hours, it does not run again, and you get the same response.
                 * @example 5f0c2f0e-8a5b-4d0c-9d6e-0a1b2c3d4e5f
                 */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["TaskCreate"];
            };
        };
        readonly responses: {
            /** @description The new task. */
            readonly 201: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the task.
                     * @example "v1"
                     */
                    readonly ETag?: string;
                    /**
                     * @description `true` if this is the response to an earlier request with the same key.
                     * @example true
                     */
                    readonly "Idempotency-Replayed"?: string;
                    /**
                     * @description The URL of the new task.
                     * @example /tasks/019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
                     */
                    readonly Location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                     *       "text": "Buy milk",
                     *       "description": null,
                     *       "completed": false,
                     *       "due": null,
                     *       "time_zone": null,
                     *       "priority": "none",
                     *       "tags": [],
                     *       "list_id": null,
                     *       "parent_id": null,
                     *       "recurrence": null,
                     *       "successor_id": null,
                     *       "order": -1024,
                     *       "version": 1,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T09:30:00.000Z",
                     *       "completed_at": null
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The body is empty, not JSON or not UTF-8. */
            readonly 400: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "BAD_REQUEST",
                     *       "message": "The body is not valid JSON in UTF-8"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 262144 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The `Content-Type` is not JSON, or there is a `Content-Encoding`. */
            readonly 415: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNSUPPORTED_MEDIA_TYPE",
                     *       "message": "Send the body as application/json, without Content-Encoding"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "text: is required"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly batchTasks: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description A unique key for this request, such as a random UUID, which makes it safe to retry. If you send the request again with the same key within 24 hours, it does not run again, and you get the same response.
                 * @example 5f0c2f0e-8a5b-4d0c-9d6e-0a1b2c3d4e5f
                 */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["TaskBatch"];
            };
        };
        readonly responses: {
            /** @description The result of each operation. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description `true` if this is the response to an earlier request with the same key.
                     * @example true
                     */
                    readonly "Idempotency-Replayed"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "status": 201,
                     *           "task": {
                     *             "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a93",
                     *             "text": "Buy milk",
                     *             "description": null,
                     *             "completed": false,
                     *             "due": null,
                     *             "time_zone": null,
                     *             "priority": "none",
                     *             "tags": [],
                     *             "list_id": null,
                     *             "parent_id": null,
                     *             "recurrence": null,
                     *             "successor_id": null,
                     *             "order": -1024,
                     *             "version": 1,
                     *             "created_at": "2026-01-31T09:30:00.000Z",
                     *             "updated_at": "2026-01-31T09:30:00.000Z",
                     *             "completed_at": null
                     *           }
                     *         },
                     *         {
                     *           "status": 200,
                     *           "task": {
                     *             "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                     *             "text": "Buy milk",
                     *             "description": null,
                     *             "completed": true,
                     *             "due": null,
                     *             "time_zone": null,
                     *             "priority": "none",
                     *             "tags": [],
                     *             "list_id": null,
                     *             "parent_id": null,
                     *             "recurrence": null,
                     *             "successor_id": null,
                     *             "order": -1024,
                     *             "version": 2,
                     *             "created_at": "2026-01-31T09:30:00.000Z",
                     *             "updated_at": "2026-01-31T10:00:00.000Z",
                     *             "completed_at": "2026-01-31T10:00:00.000Z"
                     *           }
                     *         },
                     *         {
                     *           "status": 404,
                     *           "error": {
                     *             "error": "NOT_FOUND",
                     *             "message": "Task not found"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["BatchResults"];
                };
            };
            /** @description The body is empty, not JSON or not UTF-8. */
            readonly 400: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "BAD_REQUEST",
                     *       "message": "The body is not valid JSON in UTF-8"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An operation of an atomic batch failed. Nothing was changed. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "Task not found",
                     *       "details": [
                     *         "operations[1]: Task not found"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An operation of an atomic batch failed. Nothing was changed. */
            readonly 412: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_FAILED",
                     *       "message": "The task has changed since you read it",
                     *       "details": [
                     *         "operations[1]: The task has changed since you read it"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 262144 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The `Content-Type` is not JSON, or there is a `Content-Encoding`. */
            readonly 415: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNSUPPORTED_MEDIA_TYPE",
                     *       "message": "Send the body as application/json, without Content-Encoding"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "operations[1]: text: is required"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An operation of an atomic batch failed. Nothing was changed. */
            readonly 428: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_REQUIRED",
                     *       "message": "Say in if_match which version you expect",
                     *       "details": [
                     *         "operations[1]: Say in if_match which version you expect"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly clearCompleted: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The number of tasks that this request deleted, and whether there are more. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "count": 3,
                     *       "has_more": false
                     *     }
                     */
                    readonly "application/json": components["schemas"]["ClearedTasks"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly getTask: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description The `ETag` of the response that you have. If nothing has changed since then, the response is 304, without a body, and does not count against the rate limit.
                 * @example "v7"
                 */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description The id of the task, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The task. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the task.
                     * @example "v1"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                     *       "text": "Buy milk",
                     *       "description": null,
                     *       "completed": false,
                     *       "due": null,
                     *       "time_zone": null,
                     *       "priority": "none",
                     *       "tags": [],
                     *       "list_id": null,
                     *       "parent_id": null,
                     *       "recurrence": null,
                     *       "successor_id": null,
                     *       "order": -1024,
                     *       "version": 1,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T09:30:00.000Z",
                     *       "completed_at": null
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Nothing has changed since the response with this `ETag`. */
            readonly 304: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the task.
                     * @example "v1"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no task with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "Task not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly updateTask: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Makes the change only if the task or list still has this version: the `ETag` that you got with it. Also takes a list of tags, or `*` for any version. Weak tags and the suffixes that compressing proxies add, as in `"v7-gzip"`, make no difference. If the version is different, the response is 412 with the current `ETag`.
                 * @example "v7"
                 */
                readonly "If-Match"?: string;
            };
            readonly path: {
                /** @description The id of the task, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["TaskUpdate"];
            };
        };
        readonly responses: {
            /** @description The task after the change. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the task.
                     * @example "v2"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                     *       "text": "Buy milk",
                     *       "description": null,
                     *       "completed": true,
                     *       "due": null,
                     *       "time_zone": null,
                     *       "priority": "none",
                     *       "tags": [],
                     *       "list_id": null,
                     *       "parent_id": null,
                     *       "recurrence": null,
                     *       "successor_id": null,
                     *       "order": -1024,
                     *       "version": 2,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T10:00:00.000Z",
                     *       "completed_at": "2026-01-31T10:00:00.000Z"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The body is empty, not JSON or not UTF-8. */
            readonly 400: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "BAD_REQUEST",
                     *       "message": "The body is not valid JSON in UTF-8"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no task with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "Task not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The task does not have the version that `If-Match` expects. It was not changed. */
            readonly 412: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The current version of the task.
                     * @example "v9"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_FAILED",
                     *       "message": "The task has changed since you read it"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 262144 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The `Content-Type` is not JSON, or there is a `Content-Encoding`. */
            readonly 415: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNSUPPORTED_MEDIA_TYPE",
                     *       "message": "Send the body as application/json, without Content-Encoding"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "text: is required"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description This server requires `If-Match` on changes. */
            readonly 428: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_REQUIRED",
                     *       "message": "Say in If-Match which version you expect"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly deleteTask: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Deletes the task permanently, even if it is already in the trash.
                 * @example true
                 */
                readonly permanent?: boolean;
            };
            readonly header?: {
                /**
                 * @description Makes the change only if the task or list still has this version: the `ETag` that you got with it. Also takes a list of tags, or `*` for any version. Weak tags and the suffixes that compressing proxies add, as in `"v7-gzip"`, make no difference. If the version is different, the response is 412 with the current `ETag`.
                 * @example "v7"
                 */
                readonly "If-Match"?: string;
            };
            readonly path: {
                /** @description The id of the task, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The task was deleted. */
            readonly 204: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no task with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "Task not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The task does not have the version that `If-Match` expects. It was not changed. */
            readonly 412: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The current version of the task.
                     * @example "v9"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_FAILED",
                     *       "message": "The task has changed since you read it"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description This server requires `If-Match` on changes. */
            readonly 428: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_REQUIRED",
                     *       "message": "Say in If-Match which version you expect"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly patchTask: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Makes the change only if the task or list still has this version: the `ETag` that you got with it. Also takes a list of tags, or `*` for any version. Weak tags and the suffixes that compressing proxies add, as in `"v7-gzip"`, make no difference. If the version is different, the response is 412 with the current `ETag`.
                 * @example "v7"
                 */
                readonly "If-Match"?: string;
            };
            readonly path: {
                /** @description The id of the task, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["TaskPatch"];
                readonly "application/merge-patch+json": components["schemas"]["TaskPatch"];
            };
        };
        readonly responses: {
            /** @description The task after the change. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the task.
                     * @example "v2"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                     *       "text": "Buy milk",
                     *       "description": null,
                     *       "completed": true,
                     *       "due": null,
                     *       "time_zone": null,
                     *       "priority": "none",
                     *       "tags": [],
                     *       "list_id": null,
                     *       "parent_id": null,
                     *       "recurrence": null,
                     *       "successor_id": null,
                     *       "order": -1024,
                     *       "version": 2,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T10:00:00.000Z",
                     *       "completed_at": "2026-01-31T10:00:00.000Z"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The body is empty, not JSON or not UTF-8. */
            readonly 400: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "BAD_REQUEST",
                     *       "message": "The body is not valid JSON in UTF-8"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no task with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "Task not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The task does not have the version that `If-Match` expects. It was not changed. */
            readonly 412: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The current version of the task.
                     * @example "v9"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_FAILED",
                     *       "message": "The task has changed since you read it"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 262144 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The `Content-Type` is not JSON, or there is a `Content-Encoding`. */
            readonly 415: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNSUPPORTED_MEDIA_TYPE",
                     *       "message": "Send the body as application/json, without Content-Encoding"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "completed: must be true or false"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description This server requires `If-Match` on changes. */
            readonly 428: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_REQUIRED",
                     *       "message": "Say in If-Match which version you expect"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly restoreTask: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Makes the change only if the task or list still has this version: the `ETag` that you got with it. Also takes a list of tags, or `*` for any version. Weak tags and the suffixes that compressing proxies add, as in `"v7-gzip"`, make no difference. If the version is different, the response is 412 with the current `ETag`.
                 * @example "v7"
                 */
                readonly "If-Match"?: string;
            };
            readonly path: {
                /** @description The id of the task, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The task after the change. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the task.
                     * @example "v2"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                     *       "text": "Buy milk",
                     *       "description": null,
                     *       "completed": false,
                     *       "due": null,
                     *       "time_zone": null,
                     *       "priority": "none",
                     *       "tags": [],
                     *       "list_id": null,
                     *       "parent_id": null,
                     *       "recurrence": null,
                     *       "successor_id": null,
                     *       "order": -1024,
                     *       "version": 3,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T10:00:00.000Z",
                     *       "completed_at": null
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no task with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "Task not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The task does not have the version that `If-Match` expects. It was not changed. */
            readonly 412: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The current version of the task.
                     * @example "v9"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_FAILED",
                     *       "message": "The task has changed since you read it"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly moveTask: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Makes the change only if the task or list still has this version: the `ETag` that you got with it. Also takes a list of tags, or `*` for any version. Weak tags and the suffixes that compressing proxies add, as in `"v7-gzip"`, make no difference. If the version is different, the response is 412 with the current `ETag`.
                 * @example "v7"
                 */
                readonly "If-Match"?: string;
            };
            readonly path: {
                /** @description The id of the task, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["TaskMove"];
            };
        };
        readonly responses: {
            /** @description The task after the change. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the task.
                     * @example "v2"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                     *       "text": "Buy milk",
                     *       "description": null,
                     *       "completed": false,
                     *       "due": null,
                     *       "time_zone": null,
                     *       "priority": "none",
                     *       "tags": [],
                     *       "list_id": null,
                     *       "parent_id": null,
                     *       "recurrence": null,
                     *       "successor_id": null,
                     *       "order": -2048,
                     *       "version": 2,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T10:00:00.000Z",
                     *       "completed_at": null
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Task"];
                };
            };
            /** @description The body is empty, not JSON or not UTF-8. */
            readonly 400: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "BAD_REQUEST",
                     *       "message": "The body is not valid JSON in UTF-8"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no task with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "Task not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The task does not have the version that `If-Match` expects. It was not changed. */
            readonly 412: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The current version of the task.
                     * @example "v9"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_FAILED",
                     *       "message": "The task has changed since you read it"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 262144 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The `Content-Type` is not JSON, or there is a `Content-Encoding`. */
            readonly 415: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNSUPPORTED_MEDIA_TYPE",
                     *       "message": "Send the body as application/json, without Content-Encoding"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "before: must be the id of another of your tasks"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description This server requires `If-Match` on changes. */
            readonly 428: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_REQUIRED",
                     *       "message": "Say in If-Match which version you expect"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly listLists: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description The `ETag` of the response that you have. If nothing has changed since then, the response is 304, without a body, and does not count against the rate limit.
                 * @example "v7"
                 */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The lists. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description Changes whenever any of your lists or tasks changes.
                     * @example "ls5c1d2e3f.42"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "lists": [
                     *         {
                     *           "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a95",
                     *           "name": "Groceries",
                     *           "color": "#1e90ff",
                     *           "order": 1024,
                     *           "version": 1,
                     *           "created_at": "2026-01-31T09:30:00.000Z",
                     *           "updated_at": "2026-01-31T09:30:00.000Z",
                     *           "open": 3
                     *         }
                     *       ],
                     *       "count": 1
                     *     }
                     */
                    readonly "application/json": components["schemas"]["ListOfLists"];
                };
            };
            /** @description Nothing has changed since the response with this `ETag`. */
            readonly 304: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description Changes whenever any of your lists or tasks changes.
                     * @example "ls5c1d2e3f.42"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly createList: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description A unique key for this request, such as a random UUID, which makes it safe to retry. If you send the request again with the same key within 24 hours, it does not run again, and you get the same response.
                 * @example 5f0c2f0e-8a5b-4d0c-9d6e-0a1b2c3d4e5f
                 */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ListCreate"];
            };
        };
        readonly responses: {
            /** @description The new list. */
            readonly 201: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the list.
                     * @example "v1"
                     */
                    readonly ETag?: string;
                    /**
                     * @description `true` if this is the response to an earlier request with the same key.
                     * @example true
                     */
                    readonly "Idempotency-Replayed"?: string;
                    /**
                     * @description The URL of the new list.
                     * @example /lists/019c1325-8e40-7c3d-9a54-1f0e6b2d7a95
                     */
                    readonly Location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a95",
                     *       "name": "Groceries",
                     *       "color": "#1e90ff",
                     *       "order": 1024,
                     *       "version": 1,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T09:30:00.000Z"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["List"];
                };
            };
            /** @description The body is empty, not JSON or not UTF-8. */
            readonly 400: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "BAD_REQUEST",
                     *       "message": "The body is not valid JSON in UTF-8"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 262144 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The `Content-Type` is not JSON, or there is a `Content-Encoding`. */
            readonly 415: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNSUPPORTED_MEDIA_TYPE",
                     *       "message": "Send the body as application/json, without Content-Encoding"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "name: is required"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly getList: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description The `ETag` of the response that you have. If nothing has changed since then, the response is 304, without a body, and does not count against the rate limit.
                 * @example "v7"
                 */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description The id of the list, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The list. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the list.
                     * @example "v1"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a95",
                     *       "name": "Groceries",
                     *       "color": "#1e90ff",
                     *       "order": 1024,
                     *       "version": 1,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T09:30:00.000Z"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["List"];
                };
            };
            /** @description Nothing has changed since the response with this `ETag`. */
            readonly 304: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the list.
                     * @example "v1"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no list with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "List not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly deleteList: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Makes the change only if the task or list still has this version: the `ETag` that you got with it. Also takes a list of tags, or `*` for any version. Weak tags and the suffixes that compressing proxies add, as in `"v7-gzip"`, make no difference. If the version is different, the response is 412 with the current `ETag`.
                 * @example "v7"
                 */
                readonly "If-Match"?: string;
            };
            readonly path: {
                /** @description The id of the list, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The list was deleted. */
            readonly 204: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no list with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "List not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The list does not have the version that `If-Match` expects. It was not changed. */
            readonly 412: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The current version of the list.
                     * @example "v9"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_FAILED",
                     *       "message": "The list has changed since you read it"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description This server requires `If-Match` on changes. */
            readonly 428: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_REQUIRED",
                     *       "message": "Say in If-Match which version you expect"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly patchList: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Makes the change only if the task or list still has this version: the `ETag` that you got with it. Also takes a list of tags, or `*` for any version. Weak tags and the suffixes that compressing proxies add, as in `"v7-gzip"`, make no difference. If the version is different, the response is 412 with the current `ETag`.
                 * @example "v7"
                 */
                readonly "If-Match"?: string;
            };
            readonly path: {
                /** @description The id of the list, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ListPatch"];
                readonly "application/merge-patch+json": components["schemas"]["ListPatch"];
            };
        };
        readonly responses: {
            /** @description The list after the change. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the list.
                     * @example "v2"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a95",
                     *       "name": "Supermarket",
                     *       "color": "#1e90ff",
                     *       "order": 1024,
                     *       "version": 2,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T10:00:00.000Z"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["List"];
                };
            };
            /** @description The body is empty, not JSON or not UTF-8. */
            readonly 400: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "BAD_REQUEST",
                     *       "message": "The body is not valid JSON in UTF-8"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no list with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "List not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The list does not have the version that `If-Match` expects. It was not changed. */
            readonly 412: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The current version of the list.
                     * @example "v9"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_FAILED",
                     *       "message": "The list has changed since you read it"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 262144 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The `Content-Type` is not JSON, or there is a `Content-Encoding`. */
            readonly 415: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNSUPPORTED_MEDIA_TYPE",
                     *       "message": "Send the body as application/json, without Content-Encoding"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "color: must be a color such as #1e90ff, or null"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description This server requires `If-Match` on changes. */
            readonly 428: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_REQUIRED",
                     *       "message": "Say in If-Match which version you expect"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly moveList: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Makes the change only if the task or list still has this version: the `ETag` that you got with it. Also takes a list of tags, or `*` for any version. Weak tags and the suffixes that compressing proxies add, as in `"v7-gzip"`, make no difference. If the version is different, the response is 412 with the current `ETag`.
                 * @example "v7"
                 */
                readonly "If-Match"?: string;
            };
            readonly path: {
                /** @description The id of the list, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ListMove"];
            };
        };
        readonly responses: {
            /** @description The list after the change. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the list.
                     * @example "v2"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a95",
                     *       "name": "Groceries",
                     *       "color": "#1e90ff",
                     *       "order": -1024,
                     *       "version": 2,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T10:00:00.000Z"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["List"];
                };
            };
            /** @description The body is empty, not JSON or not UTF-8. */
            readonly 400: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "BAD_REQUEST",
                     *       "message": "The body is not valid JSON in UTF-8"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token may only read. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope", scope="write"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "This token lacks the scope write"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no list with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "List not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The list does not have the version that `If-Match` expects. It was not changed. */
            readonly 412: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The current version of the list.
                     * @example "v9"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_FAILED",
                     *       "message": "The list has changed since you read it"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 262144 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The `Content-Type` is not JSON, or there is a `Content-Encoding`. */
            readonly 415: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNSUPPORTED_MEDIA_TYPE",
                     *       "message": "Send the body as application/json, without Content-Encoding"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "before: must be the id of another of your lists"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description This server requires `If-Match` on changes. */
            readonly 428: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PRECONDITION_REQUIRED",
                     *       "message": "Say in If-Match which version you expect"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly listTokens: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The tokens. */
            readonly 200: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tokens": [
                     *         {
                     *           "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a97",
                     *           "name": "CI",
                     *           "scopes": [
                     *             "read",
                     *             "write"
                     *           ],
                     *           "created_at": "2026-01-31T10:00:00.000Z",
                     *           "expires_at": null,
                     *           "last_used_at": "2026-01-31T11:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["ApiTokenList"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is an API token. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "API tokens cannot manage tokens: use a token from signing in"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly createToken: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ApiTokenCreate"];
            };
        };
        readonly responses: {
            /** @description The new token. Send `token` as `Authorization: Bearer`. */
            readonly 201: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a97",
                     *       "name": "CI",
                     *       "scopes": [
                     *         "read",
                     *         "write"
                     *       ],
                     *       "created_at": "2026-01-31T10:00:00.000Z",
                     *       "expires_at": null,
                     *       "last_used_at": null,
                     *       "token": "tp_0000000000000000000000000000000000000000000xxxxxx"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["NewApiToken"];
                };
            };
            /** @description The body is empty, not JSON or not UTF-8. */
            readonly 400: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "BAD_REQUEST",
                     *       "message": "The body is not valid JSON in UTF-8"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is an API token. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "API tokens cannot manage tokens: use a token from signing in"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 262144 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The `Content-Type` is not JSON, or there is a `Content-Encoding`. */
            readonly 415: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNSUPPORTED_MEDIA_TYPE",
                     *       "message": "Send the body as application/json, without Content-Encoding"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "scopes: must be [\"read\"] or [\"read\", \"write\"]"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly deleteToken: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The id of the token, in any letter case. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The token was deleted. */
            readonly 204: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The token is missing, invalid or expired. */
            readonly 401: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How to authenticate (RFC 6750).
                     * @example Bearer error="invalid_token"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "UNAUTHORIZED",
                     *       "message": "Invalid or expired token"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token is an API token. */
            readonly 403: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description What the token lacks (RFC 6750).
                     * @example Bearer error="insufficient_scope"
                     */
                    readonly "WWW-Authenticate"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "FORBIDDEN",
                     *       "message": "API tokens cannot manage tokens: use a token from signing in"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description You have no token with this id. */
            readonly 404: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "NOT_FOUND",
                     *       "message": "Token not found"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is invalid. `details` names every invalid field. */
            readonly 422: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "VALIDATION_ERROR",
                     *       "message": "The request is not valid",
                     *       "details": [
                     *         "id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests from this user or, without a valid token, from this address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 42
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "RATE_LIMITED",
                     *       "message": "More than 600 requests in 60 seconds, try again later"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An unexpected error in the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "INTERNAL_ERROR",
                     *       "message": "Internal server error"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The database or the token issuer did not respond in time. Try again. */
            readonly 503: {
                headers: {
                    /**
                     * @description The id that you sent with the request, or a generated one.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description The limit: `q` requests in `w` seconds.
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description What is left: `r` requests until the count restarts in `t` seconds.
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description How many seconds to wait before you try again.
                     * @example 1
                     */
                    readonly "Retry-After"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "SERVICE_UNAVAILABLE",
                     *       "message": "The service is temporarily unavailable, try again"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
