/**
 * A process that dies at a statement: from then on its database does not answer, and uncommitted changes are
 * rolled back.
 */
import * as Effect from "effect/Effect"
import { Socket } from "node:net"
import { DatabaseSync, StatementSync } from "node:sqlite"

/** Counts statements, and at which one the process dies. */
export interface Deaths {
  statements: number
  /** The statement at which it dies; infinite for never. */
  at: number
  /** Whether it has. */
  dead: boolean
}

export const deaths: Deaths = { statements: 0, at: Infinity, dead: false }

const count = (): void => {
  deaths.statements += 1
  if (deaths.statements >= deaths.at) deaths.dead = true
}

const note = (sql: string): void => {
  count()
  // The next process that opens the file rolls back the dead process's transaction.
  if (deaths.dead && !/^\s*ROLLBACK/i.test(sql)) throw new Error("the process is dead")
}

/** Counts every statement of this process. */
export const watch = (): void => {
  for (const [prototype, name] of [
    [StatementSync.prototype, "all"],
    [StatementSync.prototype, "run"],
    [DatabaseSync.prototype, "exec"]
  ] as const) {
    const execute: (...values: ReadonlyArray<unknown>) => unknown = Reflect.get(prototype, name)
    Object.defineProperty(prototype, name, {
      value: function (this: StatementSync | DatabaseSync, ...values: ReadonlyArray<unknown>) {
        note(this instanceof StatementSync ? this.sourceSQL : String(values[0]))
        return Reflect.apply(execute, this, values)
      }
    })
  }
}

/** Whether a server is asked. */
let remote = false
/** Sockets that wait for an answer. */
const waiting = new Set<Socket>()

/** Counts every request to a Postgres server. There must be no other sockets. */
export const watchSockets = (): void => {
  remote = true
  const { connect, emit, write } = Socket.prototype
  Object.defineProperty(Socket.prototype, "connect", {
    writable: true,
    value: function (this: Socket, ...values: ReadonlyArray<unknown>) {
      waiting.add(this)
      return Reflect.apply(connect, this, values)
    }
  })
  Object.defineProperty(Socket.prototype, "write", {
    writable: true,
    value: function (this: Socket, ...values: ReadonlyArray<unknown>) {
      if (this.remotePort !== undefined) {
        count()
        if (deaths.dead) this.destroy()
        else waiting.add(this)
      }
      return Reflect.apply(write, this, values)
    }
  })
  Object.defineProperty(Socket.prototype, "emit", {
    writable: true,
    value: function (this: Socket, ...values: ReadonlyArray<unknown>) {
      if (["connect", "data", "close", "error"].includes(String(values[0]))) {
        deaths.statements += 1
        waiting.delete(this)
      }
      return Reflect.apply(emit, this, values)
    }
  })
}

/** How long a server may take to answer. */
const patienceMillis = 100

/** Waits until the server has answered, or has taken so long that it may wait for another connection's lock. */
const answered = Effect.callback<void>((resume) => {
  const until = performance.now() + patienceMillis
  const look = () => {
    if (waiting.size === 0 || performance.now() > until) resume(Effect.void)
    else setImmediate(look)
  }
  look()
})

/** Lets other fibers run; with a server, waits for its answer. */
export const pause: Effect.Effect<void> = Effect.suspend(() =>
  remote ? Effect.andThen(answered, Effect.sleep("1 milli")) : Effect.yieldNow
)

/** The process dies after so many more statements. */
export const live = (statements = Infinity): void => {
  deaths.dead = false
  deaths.at = deaths.statements + statements
}
