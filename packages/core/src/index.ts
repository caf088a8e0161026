/**
 * Colloquy's core: the canonical model, the walk, the errors, the HTTP policy and the source service.
 */
export { Checkpoint } from "./model/Checkpoint.ts"
export { Conversation } from "./model/Conversation.ts"
export * as Connection from "./http/Connection.ts"
export * as RequestBudget from "./http/RequestBudget.ts"
export * as RequestPolicy from "./http/RequestPolicy.ts"
export { Attachment, Citation, Feedback, Message, Role } from "./model/Message.ts"
export * as Note from "./model/Note.ts"
export * as Page from "./model/Page.ts"
export * as Pagination from "./walk/Pagination.ts"
export type { Decoder, KeptConversation, KeptMessage } from "./source/Decoder.ts"
export type { MemoryConversation, MemoryMessage, MemoryOptions } from "./source/memory.ts"
export * from "./source/Source.ts"
export * from "./model/SourceError.ts"
