// Generated from openapi.json by `bun run openapi`.

export interface paths {
    readonly "/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Ask whether the service works
         * @description Answers within a second, whatever the store does.
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
         * List what has changed
         * @description Without a cursor every task that is not in the trash, and with the one of the answer before everything that has changed since: each task once, as it now is, and those that went away as `delete`. Nothing is ever left out; a change may come twice. Keep `next_cursor` once you have kept the changes, and ask again: at once where `has_more`, else when you like, or with `wait`.
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
         * Be told what changes, as it happens
         * @description The changes of `listChanges` as server-sent events: `upsert` and `delete`, with the change as JSON; `synced` once you have everything, `{"snapshot": true}` where the stream began with every task; `end` before the service ends the stream, with one of the reasons TOKEN_EXPIRED, CURSOR_EXPIRED, SHUTTING_DOWN, INTERNAL_ERROR. Changes that belong together come together, and the last of them has an `id`: come back with it as `Last-Event-ID`, or as `cursor`, and the stream goes on from there. A browser's `EventSource` cannot send a token; use `fetch` and read its body.
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
         * @description Without parameters: all of your tasks, newest first; an update does not reorder them. With `limit` they come in pages. A task that stands still while you read the pages is on exactly one of them, whatever happens to the others.
         */
        readonly get: operations["listTasks"];
        readonly put?: never;
        /**
         * Create a task
         * @description Id, order, version and times are given by the service; other members than `text` are ignored. The task comes to stand above all others.
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
         * Do up to 100 changes at once
         * @description Does the operations in their order: `create`, `patch`, `delete`, `restore` and `move`. Each takes the `id` of its task (but for `create`), the `body` that its own request would have, and in `if_match` what would be in `If-Match`. With `atomic` all of them happen or none: the first that fails undoes the others, and the whole request is answered with its error, whose `details` tell which one it was. Otherwise each has its own outcome.
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
         * Delete all completed tasks
         * @description Moves them to the trash, all at once. A body is not read.
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
         * @description One task that is not in the trash. With the tag that you have of it in `If-None-Match`, an unchanged one is answered 304, without a body.
         */
        readonly get: operations["getTask"];
        /**
         * Replace a task
         * @description Sets its text and whether it is completed. Never creates a task.
         */
        readonly put: operations["updateTask"];
        readonly post?: never;
        /**
         * Delete a task
         * @description Moves it to the trash, from where it can be restored for as long as this server keeps it there (30 days, unless it is set up otherwise), or deletes it for good.
         */
        readonly delete: operations["deleteTask"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a task
         * @description Sets what is present and leaves the rest. `{}` changes nothing.
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
         * Take a task out of the trash
         * @description The task is as it was, in its place. One that is not in the trash stays as it is. A body is not read.
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
         * @description Puts it before or after another one of your tasks, or to the top or the bottom of them all, in the list that is sorted by `order`.
         */
        readonly post: operations["moveTask"];
        readonly delete?: never;
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
            /** @description true or false */
            readonly completed: boolean;
            /**
             * @description a whole number: of the tasks of one user, the lowest comes first
             * @example -1024
             */
            readonly order: number;
            /**
             * @description a whole number: 1 at creation, one more with every write that changes something
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
            /** @description When the task was last completed; `null` while it is not. */
            readonly completed_at: string | null;
            /**
             * Format: date-time
             * @description When the task went to the trash; absent while it is not there.
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deleted_at?: string;
        };
        /** @description Tasks, in the order that was asked for. */
        readonly TaskList: {
            readonly tasks: readonly components["schemas"]["Task"][];
            /** @description How many tasks the filters find, on all pages together. */
            readonly count: number;
            /** @description Send it as `cursor`, with the same `sort` and filters, for the next page; `null` where there is none. */
            readonly next_cursor: string | null;
        };
        /** @description A new task. Other members are ignored. */
        readonly TaskCreate: {
            /**
             * @description 1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Buy milk
             */
            readonly text: string;
        };
        /** @description All that can be changed of a task. Other members are ignored. */
        readonly TaskUpdate: {
            /**
             * @description 1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Buy milk
             */
            readonly text: string;
            /** @description true or false */
            readonly completed: boolean;
        };
        /** @description What to change of a task; an absent member stays as it is. */
        readonly TaskPatch: {
            /**
             * @description 1 to 500 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate
             * @example Buy milk
             */
            readonly text?: string;
            /** @description true or false */
            readonly completed?: boolean;
        };
        /** @description Where to put the task: exactly one of these. */
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
        /** @description One change: what to do, to which task, with what. */
        readonly TaskOperation: {
            /**
             * @description one of create, patch, delete, restore, move
             * @enum {unknown}
             */
            readonly op: "create" | "patch" | "delete" | "restore" | "move";
            /**
             * Format: uuid
             * @description a UUID, written as 8-4-4-4-12 hexadecimal digits
             * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a90
             */
            readonly id?: string;
            /**
             * @description as the header If-Match: * or entity tags such as "v7"
             * @example "v7"
             */
            readonly if_match?: string;
            /** @description What to create, what to patch or where to move to, as in a request of its own. */
            readonly body?: components["schemas"]["TaskCreate"] | components["schemas"]["TaskPatch"] | components["schemas"]["TaskMove"];
        };
        /** @description Changes to be done together. */
        readonly TaskBatch: {
            /** @description true or false */
            readonly atomic: boolean;
            /** @description an array of 1 to 100 operations */
            readonly operations: readonly components["schemas"]["TaskOperation"][];
        };
        /** @description What became of one operation: the task as it now is, an error, or neither for a deleted task. */
        readonly BatchResult: {
            /** @description The status that the operation would have been answered with on its own: 201 for a created task, 200 for a changed one, 204 for a deleted one, or that of its error. */
            readonly status: number;
            readonly task?: components["schemas"]["Task"];
            readonly error?: components["schemas"]["Error"];
        };
        /** @description What became of the operations, in their order. */
        readonly BatchResults: {
            readonly results: readonly components["schemas"]["BatchResult"][];
        };
        /** @description How many completed tasks there were. */
        readonly ClearedTasks: {
            /** @description How many tasks were deleted. */
            readonly count: number;
        };
        /** @description What became of one task. */
        readonly TaskChange: {
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
        /** @description What has changed, the oldest change first. */
        readonly ChangeList: {
            readonly changes: readonly components["schemas"]["TaskChange"][];
            /** @description Send it as `cursor` for what comes next. */
            readonly next_cursor: string;
            /** @description Whether there is more to be read at once. */
            readonly has_more: boolean;
        };
        /** @description Whether the service can do its work. */
        readonly Health: {
            /** @enum {unknown} */
            readonly status: "healthy" | "unhealthy";
            /** @enum {unknown} */
            readonly database: "connected" | "disconnected";
            /** @description The version of this service. */
            readonly version: string;
        };
        /** @description The body of every error. */
        readonly Error: {
            /**
             * @description What went wrong, for programs.
             * @enum {unknown}
             */
            readonly error: "BAD_REQUEST" | "UNAUTHORIZED" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "CURSOR_EXPIRED" | "PRECONDITION_FAILED" | "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "VALIDATION_ERROR" | "PRECONDITION_REQUIRED" | "RATE_LIMITED" | "INTERNAL_ERROR" | "SERVICE_UNAVAILABLE";
            /** @description What went wrong, for people. */
            readonly message: string;
            /** @description Every wrong field, as `field: what is wrong`; of an atomic batch, which operation failed, as `operations[1]: why`. */
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
    readonly healthCheck: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The store answers. */
            readonly 200: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
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
            /** @description The headers of the request are too large. It has not reached the service: this is what the HTTP parser answers to any such request, without a body. */
            readonly 431: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The store does not answer. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
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
                 * @description The `next_cursor` of the answer before, or the `id` of an event. Without one, every task comes first.
                 * @example ZXA4TnlETWQ1YzFkMmUzZi40Mi4wLmZmZmZmZmZmLWZmZmYtZmZmZi1mZmZmLWZmZmZmZmZmZmZmZg
                 */
                readonly cursor?: string;
                /**
                 * @description How many changes come at most.
                 * @example 1000
                 */
                readonly limit?: number;
                /**
                 * @description For how many seconds the answer waits for a change where there is none yet. Without a cursor it does not wait.
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
            /** @description The changes, oldest first; none where there are none. */
            readonly 200: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
                     *           "type": "upsert",
                     *           "task": {
                     *             "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                     *             "text": "Buy milk",
                     *             "completed": false,
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
                     *       "next_cursor": "ZXA4TnlETWQ1YzFkMmUzZi40Mi4wLmZmZmZmZmZmLWZmZmYtZmZmZi1mZmZmLWZmZmZmZmZmZmZmZg",
                     *       "has_more": false
                     *     }
                     */
                    readonly "application/json": components["schemas"]["ChangeList"];
                };
            };
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description What has changed since that cursor can no longer be told. */
            readonly 410: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
                     *         "cursor: must be the next_cursor of an earlier answer, or the id of an event"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
                 * @description The `next_cursor` of the answer before, or the `id` of an event. Without one, every task comes first.
                 * @example ZXA4TnlETWQ1YzFkMmUzZi40Mi4wLmZmZmZmZmZmLWZmZmYtZmZmZi1mZmZmLWZmZmZmZmZmZmZmZg
                 */
                readonly cursor?: string;
            };
            readonly header?: {
                /**
                 * @description The `id` of the last event that you have. Goes before `cursor`.
                 * @example ZXA4TnlETWQ1YzFkMmUzZi40Mi4wLmZmZmZmZmZmLWZmZmYtZmZmZi1mZmZmLWZmZmZmZmZmZmZmZg
                 */
                readonly "Last-Event-ID"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The stream. It goes on until one of the two sides ends it. */
            readonly 200: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 3000
                     *
                     *     event: upsert
                     *     data: {"type":"upsert","task":{"id":"019c1325-8e40-7c3d-9a54-1f0e6b2d7a90","text":"Buy milk","completed":false,"order":-1024,"version":1,"created_at":"2026-01-31T09:30:00.000Z","updated_at":"2026-01-31T09:30:00.000Z","completed_at":null}}
                     *
                     *     event: delete
                     *     data: {"type":"delete","id":"019c1325-8e40-7c3d-9a54-1f0e6b2d7a92","deleted_at":"2026-01-31T10:00:00.000Z"}
                     *
                     *     event: synced
                     *     data: {"snapshot":true}
                     *     id: ZXA4TnlETWQ1YzFkMmUzZi40Mi4wLmZmZmZmZmZmLWZmZmYtZmZmZi1mZmZmLWZmZmZmZmZmZmZmZg
                     */
                    readonly "text/event-stream": string;
                };
            };
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description What has changed since that cursor can no longer be told. */
            readonly 410: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
                     *         "cursor: must be the next_cursor of an earlier answer, or the id of an event"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
                 * @description How many tasks a page has. Without it all tasks come at once.
                 * @example 20
                 */
                readonly limit?: number;
                /**
                 * @description The `next_cursor` of the page before, of a list with the same `sort` and filters.
                 * @example bkN3WDc1QU1ULXFpZndsZjAxOWMxMzI1LThlNDAtN2MzZC05YTU0LTFmMGU2YjJkN2E5MDIwMjYtMDEtMzFUMDk6MzA6MDAuMDAwWg
                 */
                readonly cursor?: string;
                /**
                 * @description What the tasks are sorted by; `-` for the latest first. `order` is the one that moves change.
                 * @example order
                 */
                readonly sort?: "-created_at" | "created_at" | "-updated_at" | "updated_at" | "order";
                /**
                 * @description Only tasks that are completed, or only those that are not.
                 * @example false
                 */
                readonly completed?: boolean;
                /**
                 * @description Only tasks whose text has all of these words, in any letter case; the last may be the beginning of a word.
                 * @example buy mil
                 */
                readonly q?: string;
                /**
                 * @description The tasks in the trash, in place of the others.
                 * @example only
                 */
                readonly deleted?: "only";
            };
            readonly header?: {
                /**
                 * @description The `ETag` of the answer that you have. If nothing has changed since, 304 says so, and does not count against the rate limit.
                 * @example "v7"
                 */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The tasks, or a page of them. */
            readonly 200: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The state of all of your tasks: another one when any of them has changed.
                     * @example "l5c1d2e3f.42"
                     */
                    readonly ETag?: string;
                    /**
                     * @description Where the next page is (RFC 8288); absent where there is none.
                     * @example </tasks?limit=20&cursor=bkN3WDc1QU1ULXFpZndsZjAxOWMxMzI1LThlNDAtN2MzZC05YTU0LTFmMGU2YjJkN2E5MDIwMjYtMDEtMzFUMDk6MzA6MDAuMDAwWg>; rel="next"
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
                     *           "completed": false,
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
            /** @description Nothing has changed: the answer that you have is the one you would get. */
            readonly 304: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The state of all of your tasks: another one when any of them has changed.
                     * @example "l5c1d2e3f.42"
                     */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
                 * @description Your own name for this request, such as a random UUID. Send the request again with the same key whenever you are in doubt: for 24 hours it is done once, and answered alike.
                 * @example 5f0c2f0e-8a5b-4d0c-9d6e-0a1b2c3d4e5f
                 */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "text": "Buy milk"
                 *     }
                 */
                readonly "application/json": components["schemas"]["TaskCreate"];
            };
        };
        readonly responses: {
            /** @description The new task. */
            readonly 201: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version of the task.
                     * @example "v1"
                     */
                    readonly ETag?: string;
                    /**
                     * @description Present where a request with this key was done before, whose answer this is.
                     * @example true
                     */
                    readonly "Idempotency-Replayed"?: string;
                    /**
                     * @description Where the new task is.
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
                     *       "completed": false,
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
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 65536 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is not announced as JSON, or is encoded. */
            readonly 415: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
                 * @description Your own name for this request, such as a random UUID. Send the request again with the same key whenever you are in doubt: for 24 hours it is done once, and answered alike.
                 * @example 5f0c2f0e-8a5b-4d0c-9d6e-0a1b2c3d4e5f
                 */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "atomic": false,
                 *       "operations": [
                 *         {
                 *           "op": "create",
                 *           "body": {
                 *             "text": "Buy milk"
                 *           }
                 *         },
                 *         {
                 *           "op": "patch",
                 *           "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a90",
                 *           "if_match": "\"v1\"",
                 *           "body": {
                 *             "completed": true
                 *           }
                 *         },
                 *         {
                 *           "op": "delete",
                 *           "id": "019c1325-8e40-7c3d-9a54-1f0e6b2d7a92"
                 *         }
                 *       ]
                 *     }
                 */
                readonly "application/json": components["schemas"]["TaskBatch"];
            };
        };
        readonly responses: {
            /** @description What became of each operation. */
            readonly 200: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description Present where a request with this key was done before, whose answer this is.
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
                     *             "completed": false,
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
                     *             "completed": true,
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
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description An operation of an atomic batch fails like this, and nothing is done. */
            readonly 404: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description An operation of an atomic batch fails like this, and nothing is done. */
            readonly 412: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 65536 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is not announced as JSON, or is encoded. */
            readonly 415: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description An operation of an atomic batch fails like this, and nothing is done. */
            readonly 428: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description How many there were. */
            readonly 200: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "count": 3
                     *     }
                     */
                    readonly "application/json": components["schemas"]["ClearedTasks"];
                };
            };
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
                 * @description The `ETag` of the answer that you have. If nothing has changed since, 304 says so, and does not count against the rate limit.
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
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
                     *       "completed": false,
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
            /** @description Nothing has changed: the answer that you have is the one you would get. */
            readonly 304: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no such task among the caller's. */
            readonly 404: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
                 * @description The `ETag` of the task as you know it, several of them, or `*` for any. Nothing is written where the task has another version: 412 tells which.
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
                /**
                 * @example {
                 *       "text": "Buy milk",
                 *       "completed": true
                 *     }
                 */
                readonly "application/json": components["schemas"]["TaskUpdate"];
            };
        };
        readonly responses: {
            /** @description The task as it now is. */
            readonly 200: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
                     *       "completed": true,
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
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no such task among the caller's. */
            readonly 404: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The task has another version than those in `If-Match`, and stays as it is. */
            readonly 412: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version that the task has.
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
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 65536 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is not announced as JSON, or is encoded. */
            readonly 415: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description This server wants to be told which version of the task is meant, and there is no `If-Match`. */
            readonly 428: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
                 * @description Whether the task is deleted for good, in the trash or not.
                 * @example true
                 */
                readonly permanent?: boolean;
            };
            readonly header?: {
                /**
                 * @description The `ETag` of the task as you know it, several of them, or `*` for any. Nothing is written where the task has another version: 412 tells which.
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
            /** @description Done; there is nothing to say. */
            readonly 204: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no such task among the caller's. */
            readonly 404: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The task has another version than those in `If-Match`, and stays as it is. */
            readonly 412: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version that the task has.
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description This server wants to be told which version of the task is meant, and there is no `If-Match`. */
            readonly 428: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
                 * @description The `ETag` of the task as you know it, several of them, or `*` for any. Nothing is written where the task has another version: 412 tells which.
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
                /**
                 * @example {
                 *       "completed": true
                 *     }
                 */
                readonly "application/json": components["schemas"]["TaskPatch"];
                /**
                 * @example {
                 *       "completed": true
                 *     }
                 */
                readonly "application/merge-patch+json": components["schemas"]["TaskPatch"];
            };
        };
        readonly responses: {
            /** @description The task as it now is. */
            readonly 200: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
                     *       "completed": true,
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
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no such task among the caller's. */
            readonly 404: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The task has another version than those in `If-Match`, and stays as it is. */
            readonly 412: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version that the task has.
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
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 65536 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is not announced as JSON, or is encoded. */
            readonly 415: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description This server wants to be told which version of the task is meant, and there is no `If-Match`. */
            readonly 428: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
                 * @description The `ETag` of the task as you know it, several of them, or `*` for any. Nothing is written where the task has another version: 412 tells which.
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
            /** @description The task as it now is. */
            readonly 200: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
                     *       "completed": false,
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
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no such task among the caller's. */
            readonly 404: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The task has another version than those in `If-Match`, and stays as it is. */
            readonly 412: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version that the task has.
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
                 * @description The `ETag` of the task as you know it, several of them, or `*` for any. Nothing is written where the task has another version: 412 tells which.
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
                /**
                 * @example {
                 *       "to": "top"
                 *     }
                 */
                readonly "application/json": components["schemas"]["TaskMove"];
            };
        };
        readonly responses: {
            /** @description The task as it now is. */
            readonly 200: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
                     *       "completed": false,
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
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no valid token. */
            readonly 401: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description There is no such task among the caller's. */
            readonly 404: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The task has another version than those in `If-Match`, and stays as it is. */
            readonly 412: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description The version that the task has.
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
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": "PAYLOAD_TOO_LARGE",
                     *       "message": "The body is larger than 65536 bytes"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is not announced as JSON, or is encoded. */
            readonly 415: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The request breaks a rule; `details` name each. */
            readonly 422: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description This server wants to be told which version of the task is meant, and there is no `If-Match`. */
            readonly 428: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The caller sent too many requests: the user, or without a valid token the address. */
            readonly 429: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
            /** @description A fault of the service. */
            readonly 500: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
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
            /** @description The store or the issuer of tokens does not answer in time. */
            readonly 503: {
                headers: {
                    /**
                     * @description The request's own id, or the new one that it got.
                     * @example 019c1325-8e40-7c3d-9a54-1f0e6b2d7a91
                     */
                    readonly "X-Request-ID"?: string;
                    /**
                     * @description How many requests (`q`) the caller may send in how many seconds (`w`).
                     * @example "default";q=600;w=60
                     */
                    readonly "RateLimit-Policy"?: string;
                    /**
                     * @description How many requests are left (`r`), and in how many seconds all are again (`t`).
                     * @example "default";r=599;t=42
                     */
                    readonly RateLimit?: string;
                    /**
                     * @description When to try again, in seconds.
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
