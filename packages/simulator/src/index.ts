/**
 * Draws vendors, worlds, faults and syncs from a seed, and holds what was read against what was there.
 */
export * as Bodies from "./bodies/bodies.ts"
export * as Coverage from "./coverage.ts"
export * as Walks from "./walks/walks.ts"
export * as Syncs from "./syncs/syncs.ts"
