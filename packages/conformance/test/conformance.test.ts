/**
 * The suite as its users see it, on a sound vendor without an emulation.
 */
import { Conformance } from "@colloquy/conformance"
import { given } from "./acme.ts"

Conformance.suite(given())
