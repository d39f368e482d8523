// Marks that turn, embed or isolate the direction of text, and controls that draw nothing. Joiners stay: emoji are made with them.
const invisible = /(?![\t\n\r])[\p{Cc}\p{Bidi_Control}\ufeff]/gu
const lineBreaks = /[\t\n\r\u2028\u2029]+/g

/**
 * Text that can be believed: what would turn the reading direction or draw nothing is shown by its code, so that
 * two names which look alike are alike. In one line, line breaks become spaces.
 *
 * `visibleText('a\u202Eb')` is `a‹U+202E›b`.
 */
export function visibleText(text: string, lines: 'one' | 'many'): string {
  const coded = text.replace(invisible, (character) => `‹U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`)
  return lines === 'one' ? coded.replace(lineBreaks, ' ') : coded
}
