/**
 * Draws vendors, histories, faults and syncs from a seed, and compares what was read with what was there.
 */
export * as Bodies from "./bodies/bodies.ts"
export * as Coverage from "./coverage.ts"
export * as Walks from "./walks/walks.ts"
export * as Syncs from "./syncs/syncs.ts"
