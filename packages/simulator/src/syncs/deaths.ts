/**
 * A process that dies at a statement: from there on its database answers nothing more, and what was not committed is
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
  // What the dead process had begun is rolled back by whoever opens the file next.
  if (deaths.dead && !/^\s*ROLLBACK/i.test(sql)) throw new Error("the process is dead")
}

/** Lets every statement of this process be counted. */
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

/** Lets every request to a server of Postgres be counted; there must be no other sockets. */
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

/** How long a server may take. */
const patienceMillis = 100

/** Until a server has answered, or has taken so long that it may wait for a lock which another connection holds. */
const answered = Effect.callback<void>((resume) => {
  const until = performance.now() + patienceMillis
  const look = () => {
    if (waiting.size === 0 || performance.now() > until) resume(Effect.void)
    else setImmediate(look)
  }
  look()
})

/** Lets other things happen; where a server is asked, in its own time. */
export const pause: Effect.Effect<void> = Effect.suspend(() =>
  remote ? Effect.andThen(answered, Effect.sleep("1 milli")) : Effect.yieldNow
)

/** From here on the process lives until so many statements more. */
export const live = (statements = Infinity): void => {
  deaths.dead = false
  deaths.at = deaths.statements + statements
}
