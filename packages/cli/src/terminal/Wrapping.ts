/**
 * Wraps text to the width of a terminal.
 */

/** The width of text that goes to a file or a pipe. */
export const standard = 100

/** The words of a text in lines of at most `width` characters; a longer word has its own line. */
export const lines = (text: string, width: number): ReadonlyArray<string> => {
  const all: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`
    if (line !== "" && longer.length > width) all.push(line)
    line = line !== "" && longer.length > width ? word : longer
  }
  return [...all, line]
}

/** A text behind `left`; its further lines are behind `margin`. */
const hanging = (left: string, text: string, width: number, margin = " ".repeat(left.length)): string =>
  lines(text, width - left.length)
    .map((line, at) => `${at === 0 ? left : margin}${line}`)
    .join("\n")

/** Least characters of a second column. */
const least = 30

/**
 * Help, wrapped. The second column of a table goes on under itself or, where there is no room, below the first. Commands
 * stay as they are, to be copied.
 */
export const help = (text: string, width: number): string => {
  let section = ""
  return text
    .replace(/(?<!\n)\nEXAMPLES/, "\n\nEXAMPLES")
    .split("\n")
    .map((line) => {
      if (/^[A-Z ]+$/.test(line)) section = line
      return line.length <= width ? line : wrappedIn(section, line, width)
    })
    .join("\n")
}

const wrappedIn = (section: string, line: string, width: number): string => {
  if (section === "EXAMPLES") {
    return line.startsWith("  # ") ? hanging("  # ", line.slice(4), width, "  # ") : line
  }
  const [left] = /^ {2,}\S.*? {2,}(?=\S)/.exec(line) ?? []
  if (left === undefined) return hanging(/^ */.exec(line)?.[0] ?? "", line.trimStart(), width)
  const right = line.slice(left.length)
  return left.length + least <= width
    ? hanging(left, right, width)
    : `${left.trimEnd()}\n${hanging("      ", right, width)}`
}
