/**
 * Matrix, on Synapse: a homeserver with a bot and a person, whose rooms are the conversations.
 */
import { createHmac } from "node:crypto"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { Conformance, type LiveServer, type Wanted } from "@colloquy/conformance"
import { Api, Command, Process, servers } from "@colloquy/live"
import { Matrix } from "@colloquy/matrix"
import { assert } from "@effect/vitest"
import { Effect, Redacted, Schedule, Schema, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

const server = servers.matrix
const secret = "live-secret"
const id = encodeURIComponent
const anything = Schema.Unknown

const Event = Schema.Struct({ event_id: Schema.String })
const Room = Schema.Struct({ room_id: Schema.String })
const Purge = Schema.Struct({ purge_id: Schema.String })
const Purged = Schema.Struct({ status: Schema.Literal("complete") })
const User = Schema.Struct({ user_id: Schema.String, access_token: Schema.String })

// ---------------------------------------------------------------------------------------------------------------
// The server
// ---------------------------------------------------------------------------------------------------------------

/** A Synapse without limits of rates, and without others to talk to. JSON is YAML. */
const configuration = (port: number, data: string) => {
  const unlimited = { per_second: 100_000, burst_count: 100_000 }
  return {
    server_name: "live.example",
    listeners: [{ port, type: "http", bind_addresses: ["127.0.0.1"], resources: [{ names: ["client"] }] }],
    database: { name: "sqlite3", args: { database: `${data}/homeserver.db` } },
    log_config: `${data}/log.json`,
    media_store_path: `${data}/media`,
    signing_key_path: `${data}/signing.key`,
    registration_shared_secret: secret,
    report_stats: false,
    trusted_key_servers: [],
    rc_message: unlimited,
    rc_room_creation: unlimited,
    rc_joins: { local: unlimited },
    rc_invites: { per_room: unlimited, per_user: unlimited, per_issuer: unlimited }
  }
}

const logging = {
  version: 1,
  handlers: { console: { class: "logging.StreamHandler" } },
  root: { level: "WARNING", handlers: ["console"] }
}

/** A folder for one run, inside the one that Synapse finds as `/`. */
const dataFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(server.folder, "srv/live-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/** Starts Synapse. Returns its base URL. */
const start = Effect.gen(function* () {
  const folder = yield* dataFolder
  const port = yield* Process.freePort
  const url = `http://127.0.0.1:${port}`
  const data = `/srv/${basename(folder)}`
  writeFileSync(join(folder, "homeserver.yaml"), JSON.stringify(configuration(port, data)))
  writeFileSync(join(folder, "log.json"), JSON.stringify(logging))
  const synapse = `python3 -m synapse.app.homeserver -c ${data}/homeserver.yaml`
  yield* Process.start(server, {
    command: "chroot",
    args: [server.folder, "sh", "-c", `${synapse} --generate-keys && exec ${synapse}`],
    cwd: "/",
    url
  })
  return url
})

/** Registers a user with the secret of the configuration. */
const register = Effect.fnUntraced(function* (url: string, username: string, admin: boolean) {
  const path = "/_synapse/admin/v1/register"
  const api = Api.make(url, "none")
  const { nonce } = yield* api.get(path, Schema.Struct({ nonce: Schema.String }))
  const password = "live-password"
  const said = [nonce, username, password, admin ? "admin" : "notadmin"].join("\0")
  const mac = createHmac("sha1", secret).update(said).digest("hex")
  const user = yield* api.post(path, { nonce, username, password, admin, mac }, User)
  return { ...user, api: Api.make(url, user.access_token) }
})

// ---------------------------------------------------------------------------------------------------------------
// The suite
// ---------------------------------------------------------------------------------------------------------------

const connect = Effect.gen(function* () {
  const baseUrl = yield* start
  const bot = yield* register(baseUrl, "bot", false)
  const person = yield* register(baseUrl, "person", false)
  const admin = yield* register(baseUrl, "admin", true)
  const sent = new Map<string, Array<string>>()

  const say = (roomId: string, { role, text }: Wanted) => {
    const { api } = role === "user" ? person : bot
    const path = `/_matrix/client/v3/rooms/${id(roomId)}/send/m.room.message`
    return Effect.map(api.post(path, { msgtype: "m.text", body: text }, Event), ({ event_id }) => ({
      id: event_id,
      role,
      text
    }))
  }

  const append = Effect.fnUntraced(function* (roomId: string, wanted: ReadonlyArray<Wanted>) {
    const written = yield* Effect.forEach(wanted, (each) => say(roomId, each))
    sent.set(roomId, [...(sent.get(roomId) ?? []), ...written.map(({ id }) => id)])
    return written
  })

  const live: LiveServer<Api.Failure | Process.ServerFailed> = {
    source: ({ pageSize }) =>
      Matrix.source({ token: Redacted.make(bot.access_token), baseUrl, pageSize, bot: bot.user_id }),
    write: Effect.fnUntraced(function* (wanted) {
      const asked = { preset: "private_chat", name: "Help", invite: [person.user_id] }
      const { room_id } = yield* bot.api.post("/_matrix/client/v3/createRoom", asked, Room)
      yield* person.api.post(`/_matrix/client/v3/join/${id(room_id)}`, {}, anything)
      return { id: room_id, messages: yield* append(room_id, wanted) }
    }),
    append,
    // A redacted message keeps its place. What an administrator purges is gone, with all before it.
    remove: Effect.fnUntraced(function* (roomId, index) {
      const there = sent.get(roomId) ?? []
      sent.set(roomId, there.slice(index + 1))
      const path = `/_synapse/admin/v1/purge_history/${id(roomId)}/${id(there[index + 1] ?? "")}`
      const { purge_id } = yield* admin.api.post(path, { delete_local_events: true }, Purge)
      const status = admin.api.get(`/_synapse/admin/v1/purge_history_status/${purge_id}`, Purged)
      yield* Effect.retry(status, { schedule: Schedule.spaced("50 millis"), times: 100 })
    }),
    unknown: { id: "!nobody:live.example", gives: "NotFound" },
    refused: Matrix.source({ token: Redacted.make("another-token"), baseUrl })
  }
  const command: Command.Reading = {
    args: ["matrix", "--base-url", baseUrl, "--bot", bot.user_id],
    env: { [Matrix.tokenVariable]: bot.access_token },
    messageOrder: "oldestFirst"
  }
  return { ...live, command, bot }
})

type Own = Effect.Success<typeof connect>

/** Everything of a room. */
const read = ({ source }: Own, conversationId: string) =>
  Effect.flatMap(source({}), (each) => Stream.runCollect(each.messagePages({ conversationId }))).pipe(
    Effect.map((pages) => pages.flatMap(({ items }) => items)),
    Effect.provide(FetchHttpClient.layer)
  )

Conformance.live({
  title: server.title,
  connect,
  timeout: 400_000,
  more: {
    ...Command.tests,
    "a redacted message keeps its place, and nothing changes with time": (own: Own) =>
      Effect.gen(function* () {
        const wanted = [{ role: "assistant", text: "one" } as const, { role: "user", text: "two" } as const]
        const { id: roomId, messages } = yield* own.write(wanted)
        const path = `/_matrix/client/v3/rooms/${id(roomId)}/redact/${id(messages[0]?.id ?? "")}`
        yield* own.bot.api.post(path, { reason: "a mistake" }, anything)
        const first = yield* read(own, roomId)
        assert.deepStrictEqual(
          first.map(({ id, text }) => ({ id, text })),
          [
            { id: messages[0]?.id ?? "", text: "" },
            { id: messages[1]?.id ?? "", text: "two" }
          ]
        )
        assert.deepStrictEqual(yield* read(own, roomId), first)
      }).pipe(Effect.orDie)
  }
})
