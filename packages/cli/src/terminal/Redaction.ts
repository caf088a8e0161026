/**
 * Messages without the passwords that a URL may have brought into them.
 */

/**
 * A text without what looks like a user and password in a URL, whichever the scheme, quoted or broken. It rather takes
 * out too much: of a URL that is followed by an address of mail without a space between, all up to the `@` is gone.
 */
export const redacted = (text: string): string =>
  text
    .replaceAll(/\/\/\S*@/g, "//<redacted>@")
    .replaceAll(/\b([a-z][a-z\d+.-]*:)\/?[^\s/:@]+:\S*@/gi, "$1<redacted>@")
    .replaceAll(/([?&](?:password|passwd|pwd|token|api_?key|secret)=)[^&\s"'#]*/gi, "$1<redacted>")
