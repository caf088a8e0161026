/**
 * Every check, in the order of the rules. For runners other than Vitest, and for tests of the kit itself.
 */
import type { Check } from "./Check.ts"
import * as Checkpoints from "./checks/checkpoints.ts"
import * as Codecs from "./checks/codecs.ts"
import * as Ends from "./checks/ends.ts"
import * as Errors from "./checks/errors.ts"
import * as Histories from "./checks/histories.ts"
import * as Options from "./checks/options.ts"
import * as Paging from "./checks/paging.ts"
import * as Replay from "./checks/replay.ts"
import * as Requests from "./checks/requests.ts"
import * as Secrets from "./checks/secrets.ts"
import * as Transport from "./checks/transport.ts"
import * as Traps from "./checks/traps.ts"

export const checks: ReadonlyArray<Check> = [
  Codecs.roundTrip,
  Codecs.canonical,
  Codecs.identity,
  Errors.errorTable,
  Errors.errorCodes,
  Ends.absentList,
  Ends.errorInside200,
  Paging.whole,
  Paging.clampedSize,
  Paging.ignoredPage,
  Paging.cycle,
  Paging.lastPageAgain,
  Paging.wrongTotal,
  Traps.traps,
  Transport.passingFaults,
  Transport.lastingFaults,
  Checkpoints.resume,
  Checkpoints.checkpointOwner,
  Options.checkpointFilter,
  Options.listFilter,
  Options.checkpointKept,
  Requests.oddIds,
  Options.options,
  Secrets.tokenHidden,
  Secrets.tokenOrigin,
  Transport.tokenRenewed,
  Replay.replay,
  Replay.keptRows,
  Histories.histories
]
