/**
 * Colloquy's core: the canonical model, the walk, the errors, the HTTP policy and the source service.
 */
export { Checkpoint } from "./model/Checkpoint.ts"
export { Conversation } from "./model/Conversation.ts"
export * as Credential from "./http/Credential.ts"
export * as RequestPolicy from "./http/RequestPolicy.ts"
export { Attachment, Citation, Feedback, Message, Role } from "./model/Message.ts"
export * as Page from "./model/Page.ts"
export * as Pagination from "./walk/Pagination.ts"
export * from "./source/Source.ts"
export * from "./model/SourceError.ts"
