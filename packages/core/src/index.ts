/**
 * Colloquy's core: the canonical model, the walk, the errors, the HTTP policy and the source service.
 */
export { Checkpoint } from "./Checkpoint.ts"
export { Conversation } from "./Conversation.ts"
export * as Credential from "./Credential.ts"
export * as ErrorTable from "./ErrorTable.ts"
export * as HttpPolicy from "./HttpPolicy.ts"
export * as Identity from "./Identity.ts"
export * as Listing from "./Listing.ts"
export * as Link from "./Link.ts"
export * as Lossless from "./Lossless.ts"
export { Attachment, Citation, Feedback, Message, Role } from "./Message.ts"
export * as Page from "./Page.ts"
export * as Pagination from "./Pagination.ts"
export * from "./Source.ts"
export * from "./SourceError.ts"
export * as Timestamp from "./Timestamp.ts"
export * as VendorClient from "./VendorClient.ts"
