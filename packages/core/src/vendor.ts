/**
 * What only authors of vendors' packages need: listings, the client, error tables, and how rows are mapped.
 */
export * as ErrorTable from "./http/ErrorTable.ts"
export * as DerivedId from "./model/DerivedId.ts"
export * as Link from "./http/Link.ts"
export * as Listing from "./vendor/Listing.ts"
export * as Extra from "./vendor/Extra.ts"
export * as Check from "./model/Check.ts"
export * as Timestamp from "./model/Timestamp.ts"
export * as VendorClient from "./http/VendorClient.ts"
