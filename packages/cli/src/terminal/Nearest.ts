/**
 * The nearest of several words to one that was mistyped.
 */

/** How many characters must be put in, left out or replaced to make one word of the other. */
const distance = (a: string, b: string): number => {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1]
    for (const [column, other] of [...b].entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1)
      current.push(Math.min((above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1, replaced))
    }
    above = current
  }
  return above[b.length] ?? 0
}

/** The candidate that was probably meant, one or two characters away; undefined if none is near. */
export const nearest = (word: string, candidates: Iterable<string>): string | undefined => {
  const most = word.length < 5 ? 1 : 2
  const [best] = [...candidates]
    .map((candidate) => ({ candidate, away: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ away }) => away <= most)
    .sort((one, other) => one.away - other.away)
  return best?.candidate
}

/** `; did you mean chatling?`, or nothing if no candidate is near. */
export const question = (word: string, candidates: Iterable<string>): string => {
  const meant = nearest(word, candidates)
  return meant === undefined ? "" : meaning(meant)
}

/** `; did you mean chatling?` */
export const meaning = (meant: string): string => `; did you mean ${meant}?`
