/**
 * A process that dies at a statement: from there on its database answers nothing more, and what was not committed is
 * rolled back.
 */
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

const note = (sql: string): void => {
  deaths.statements += 1
  if (deaths.statements >= deaths.at) deaths.dead = true
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

/** From here on the process lives until so many statements more. */
export const live = (statements = Infinity): void => {
  deaths.dead = false
  deaths.at = deaths.statements + statements
}
