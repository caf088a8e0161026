/**
 * The texts of emulated conversations. `{n}` becomes an order number, `{d}` a number of days.
 */

/** A question and the bot's answer. */
export interface Topic {
  readonly question: string
  readonly answer: string
}

/** Greetings of a bot. */
export const greetings: ReadonlyArray<string> = [
  "Hi there! What can I do for you?",
  "Welcome 👋 Ask me anything about your order.",
  "Good day! I am the shop's assistant. How may I help?",
  "Guten Tag! Wobei darf ich helfen?",
  "Dzień dobry! W czym mogę pomóc?"
]

/** Topics of support chats, in several languages. */
export const topics: ReadonlyArray<Topic> = [
  {
    question: "Where is my parcel? Order {n}",
    answer: "Order **{n}** left our warehouse and should arrive in {d} days."
  },
  {
    question: "I want to send back order {n}",
    answer:
      "No problem. Returns for {n} are open for {d} more days:\n\n1. Print the label.\n2. Pack the item.\n3. Drop it at any pick-up point."
  },
  {
    question: "How do I reset my password?",
    answer: 'Open *Account → Security* and press "Forgot it?". The link in the mail works for {d} hours.'
  },
  { question: "Do you ship to Norway?", answer: "Yes, we do. It takes about {d} working days. 🇳🇴" },
  {
    question: "my discount code does not work :(",
    answer: "Sorry about that! The code is valid for baskets of {d}0 € and more."
  },
  {
    question: "Can I talk to a human please",
    answer: "Of course. I have passed your request {n} on; a colleague will be with you soon."
  },
  {
    question: "What is included in the Team plan?",
    answer: "Up to {d} seats, shared inboxes and priority support. See https://example.com/plans?ref={n}"
  },
  {
    question: 'The app says "error {n}" & closes',
    answer:
      "Please update to the newest version. If error {n} comes back, send us the log: `settings > about`."
  },
  {
    question: "Can you change the invoice address on {n}?",
    answer: "I have changed it. The corrected invoice for {n} comes by mail within {d} days."
  },
  { question: "opening hours?", answer: "Monday to Friday, 9:00–17:30. We are closed on public holidays." },
  {
    question: "Wann kommt meine Bestellung {n}?",
    answer: "Ihre Bestellung {n} ist unterwegs und trifft in {d} Tagen ein. Schöne Grüße!"
  },
  {
    question: "Czy mogę zapłacić BLIK-iem za {n}?",
    answer: "Tak, płatność BLIK za zamówienie {n} jest możliwa. Zażółć gęślą jaźń 🙂"
  },
  {
    question: "¿Puedo cambiar la talla del pedido {n}?",
    answer: "¡Claro! Tiene {d} días para cambiar la talla del pedido {n}."
  },
  {
    question: "Je n'ai pas reçu ma facture {n}…",
    answer: "Je viens de la renvoyer à votre adresse. Comptez {d} minutes environ."
  },
  {
    question: "注文番号 {n} をキャンセルできますか？",
    answer: "はい、{d}日以内でしたらキャンセルできます。"
  },
  { question: "هل يمكنني تغيير عنوان الشحن؟", answer: "نعم، يمكنك تغييره خلال {d} أيام من رقم الطلب {n}." },
  { question: "मेरा रिफंड कब आएगा? {n}", answer: "आपका रिफंड {d} दिनों में आ जाएगा।" },
  { question: "thx 👍🏽", answer: "You're welcome! Anything else? 👨‍👩‍👧" },
  { question: "yes", answer: "Great, that is settled then." },
  { question: "ok", answer: "ok" }
]

/** Titles of pages and files that answers cite. */
export const sources: ReadonlyArray<{ readonly title: string; readonly path: string }> = [
  { title: "Shipping and delivery - Help centre", path: "shipping" },
  { title: "Returns & refunds", path: "returns" },
  { title: "Prices – plans „Team“ and „Solo“", path: "prices" },
  { title: "handbook.pdf", path: "handbook" }
]

/** Fills the numbers into a text. */
export const fill = (text: string, order: number, days: number): string =>
  text.includes("{")
    ? text.replaceAll("{n}", `#${10_000_000 + order}`).replaceAll("{d}", String(2 + days))
    : text
