/**
 * The API for authors of vendors' packages: vendors, listings, codecs and error tables.
 */
export * as Check from "./model/Check.ts"
export * as DerivedId from "./model/DerivedId.ts"
export * as Timestamp from "./model/Timestamp.ts"
export * as ErrorTable from "./http/ErrorTable.ts"
export * as Link from "./http/Link.ts"
export * as VendorClient from "./http/VendorClient.ts"
export * as Codec from "./vendor/Codec.ts"
export * as DerivedListing from "./vendor/DerivedListing.ts"
export * as Extra from "./vendor/Extra.ts"
export * as Listing from "./vendor/Listing.ts"
export * as Memory from "./source/memory.ts"
export * as OptionFacts from "./vendor/OptionFacts.ts"
export * as Vendor from "./vendor/Vendor.ts"
