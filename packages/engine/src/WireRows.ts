/**
 * Generated wire rows, for tests of codecs. The index leaves this module out: generators take long to load.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

const unknownFields = Arbitrary.schema(Schema.Record(Schema.String, Schema.Json))

/**
 * Rows that fit `wire`, among fields that no document names. The fields of `odd` replace those of `wire`: put in the
 * values that the document allows and a generator hardly finds.
 */
export const arbitrary = <Wire extends object, Odd extends object>(
  wire: Schema.ConstraintCodec<Wire, unknown>,
  odd: Schema.ConstraintCodec<Odd, unknown>
): Arbitrary.Arbitrary<Schema.JsonObject & Wire & Odd> =>
  Arbitrary.all([unknownFields, Arbitrary.schema(wire), Arbitrary.schema(odd)]).pipe(
    Arbitrary.map(([unknown, known, odd]) => merged(without(unknown, namesIn(wire)), known, odd))
  )

/** The names of a struct's fields: an optional one that is absent must not come as an unknown one. */
const namesIn = (schema: object): ReadonlyArray<string> =>
  Predicate.hasProperty(schema, "fields") && Predicate.isObject(schema.fields)
    ? Object.keys(schema.fields)
    : []

const without = (fields: Schema.JsonObject, names: ReadonlyArray<string>): Schema.JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))

/** Spread, since assigning a field called `__proto__` would change the prototype. */
const merged = <A extends object, B extends object, C extends object>(unknown: A, known: B, odd: C) => ({
  ...unknown,
  ...known,
  ...odd
})

/** A copy of plain data. Not by way of JSON: V8 13.6 can parse a key "\\u0000" as one seen before. */
export const copy = (value: unknown): unknown => structuredClone(value)
