/**
 * Describes a vendor's options from their schema. Commands make flags and help from it.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"

/** What an option chooses: everything that is read, messages but not the list, or only the order of messages. */
export const Chooses = Schema.Literals(["all", "messages", "order"])
export type Chooses = typeof Chooses.Type

/** One option. */
export interface OptionFacts {
  /** The field, such as `chatbotId`. */
  readonly name: string
  readonly kind: "text" | "choice" | "number" | "epochMillis"
  /** The values of a choice, or the known values of a text. */
  readonly choices: ReadonlyArray<string>
  readonly isRequired: boolean
  readonly description: string
  /** The default in words; null if the description states it, or if there is none. */
  readonly default: string | null
  /** The placeholder for the value in help, such as `ID`. */
  readonly metavar: string
  /** An example value; null if there is none. */
  readonly example: string | null
  readonly chooses: Chooses
}

const Annotations = Schema.Struct({
  description: Schema.String,
  default: Schema.optional(Schema.Union([Schema.String, Schema.Finite])),
  metavar: Schema.optional(Schema.String),
  examples: Schema.optional(Schema.Array(Schema.String)),
  format: Schema.optional(Schema.Literal("epoch-millis")),
  chooses: Schema.optional(Chooses)
})

const annotationsOf = Schema.decodeUnknownOption(Annotations)

/**
 * The options of a struct, in order. A field is a string, a number, a choice of literals, or literals and a string. Its annotations are
 * `description`, `default`, `metavar`, `examples`, `chooses`, and `format: "epoch-millis"` for a time. Fields without
 * a description are left out.
 */
export const of = ({ fields }: { readonly fields: Schema.Struct.Fields }): ReadonlyArray<OptionFacts> =>
  Object.entries(fields).flatMap(([name, field]) => {
    const value = valueOf(field.ast)
    const annotations = annotationsOf(SchemaAST.resolve(value))
    if (Option.isNone(annotations)) return []
    const { chooses = "all", description, examples = [], format, metavar, ...rest } = annotations.value
    const choices = choicesOf(value)
    const number = format === "epoch-millis" ? "epochMillis" : "number"
    const isChoice = choices.length > 0 && !acceptsAnyText(value)
    return {
      name,
      kind: isChoice ? "choice" : SchemaAST.isNumber(value) ? number : "text",
      choices,
      isRequired: !SchemaAST.isOptional(field.ast),
      description,
      default: rest.default === undefined ? null : String(rest.default),
      metavar: metavar ?? (format === "epoch-millis" ? "T" : "VALUE"),
      example: examples[0] ?? null,
      chooses
    } satisfies OptionFacts
  })

/** The type of an optional field without `undefined`. */
const valueOf = (ast: SchemaAST.AST): SchemaAST.AST => {
  if (!SchemaAST.isUnion(ast)) return ast
  const values = ast.types.filter((each) => !SchemaAST.isUndefined(each))
  const [only] = values
  return values.length === 1 && only !== undefined ? only : ast
}

const acceptsAnyText = (ast: SchemaAST.AST): boolean =>
  SchemaAST.isUnion(ast) && ast.types.some(SchemaAST.isString)

const choicesOf = (ast: SchemaAST.AST): ReadonlyArray<string> => {
  if (SchemaAST.isLiteral(ast)) return [String(ast.literal)]
  return SchemaAST.isUnion(ast) ? ast.types.flatMap(choicesOf) : []
}
