/**
 * Views for the questions that people ask of an archive by hand.
 */

/** Every message that is not gone, with its conversation. */
const history = `CREATE VIEW history AS
SELECT c.vendor, c.account, c.id AS conversation_id, m.place, m.id, m.role, m.text, m.created_at, m.user_id, m.kind,
  m.feedback, m.citations, m.attachments, m.extra
FROM messages m JOIN conversations c ON c.key = m.conversation
WHERE m.gone_at IS NULL`

const messagesPerDay = `CREATE VIEW messages_per_day AS
SELECT vendor, account, substr(created_at, 1, 10) AS day, count(*) AS messages
FROM history GROUP BY vendor, account, substr(created_at, 1, 10)`

const handoffs = `CREATE VIEW handoffs AS
SELECT vendor, account, id AS conversation_id, created_at, channel, status, assignee, summary, sentiment
FROM conversations WHERE handoff = 1`

/** Messages of users without an answer. If messages have no time, the listing's order decides. */
const unanswered = `CREATE VIEW unanswered AS
SELECT c.vendor, c.account, c.id AS conversation_id, q.id, q.text, q.created_at
FROM messages q JOIN conversations c ON c.key = q.conversation
WHERE q.role = 'user' AND q.gone_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM messages a
  WHERE a.conversation = q.conversation AND a.gone_at IS NULL AND a.role IN ('assistant', 'agent')
    AND (a.created_at > q.created_at OR (coalesce(a.created_at, '') = coalesce(q.created_at, '') AND a.place > q.place))
)`

const feedback = `CREATE VIEW feedback AS
SELECT vendor, account, conversation_id, id, feedback, text, created_at FROM history WHERE feedback IS NOT NULL`

export const views: ReadonlyArray<string> = [history, messagesPerDay, handoffs, unanswered, feedback]
