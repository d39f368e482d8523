import classes from './code-block.module.css'
import { CopyButton } from './copy.tsx'
import { type CodeLanguage, highlight } from './highlight.ts'

// limit: longer code is shown without colours, and cut here; copying takes the whole.
const colouredLength = 60_000
const shownLength = 200_000

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

interface CodeBlockProps {
  code: string
  language: CodeLanguage
  /** Above the code, e.g. the file that it belongs to. */
  caption?: string
  /** Lines are broken instead of scrolled. */
  wrap?: boolean
}

export function CodeBlock({ code, language, caption, wrap = false }: CodeBlockProps) {
  const shown = code.length > shownLength ? code.slice(0, shownLength) : code
  return (
    <figure className={classes.block}>
      <figcaption className={classes.head}>
        <span className={classes.caption}>{caption}</span>
        <CopyButton text={code} />
      </figcaption>
      <pre className={classes.code} data-wrap={wrap} {...scrollable}>
        <code dir="ltr">
          {shown.length > colouredLength
            ? shown
            : highlight(shown, language).map(({ kind, text, at }) =>
                kind === 'plain' ? (
                  text
                ) : (
                  <span key={at} data-kind={kind}>
                    {text}
                  </span>
                ),
              )}
        </code>
        {shown.length < code.length && (
          <p className={classes.cut}>… cut here. Copy takes all {code.length.toLocaleString('en-GB')} characters.</p>
        )}
      </pre>
    </figure>
  )
}
