/**
 * Removes the passwords of URLs from messages.
 */

/**
 * Replaces whatever looks like a user and password in a URL of any scheme, quoted or broken. It rather removes too
 * much: if a mail address follows a URL without a space between, everything up to the `@` is removed.
 */
export const redacted = (text: string): string =>
  text
    .replaceAll(/\/\/\S*@/g, "//<redacted>@")
    .replaceAll(/\b([a-z][a-z\d+.-]*:)\/?[^\s/:@]+:\S*@/gi, "$1<redacted>@")
    .replaceAll(/([?&](?:password|passwd|pwd|token|api_?key|secret)=)[^&\s"'#]*/gi, "$1<redacted>")
