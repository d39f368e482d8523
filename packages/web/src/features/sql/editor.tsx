import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { SQLDialect, sql } from '@codemirror/lang-sql'
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, linter, lintKeymap } from '@codemirror/lint'
import { EditorState, Prec } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { ApiError } from '../../api-client/errors.ts'
import { checkSql, completeSql } from '../../api-client/sql.ts'
import { dialectWords } from './dialect-words.ts'
import { completionOf, placeOf } from './editor-answers.ts'
import { editorColours, editorTheme } from './editor-theme.ts'
import classes from './sql.module.css'

/** What the page can do with the editor. */
export interface EditorHandle {
  /** The selected text, or all of it where nothing is selected. */
  runText(): string
  insert(text: string): void
  replace(text: string): void
  focus(): void
}

interface EditorProps {
  projectId: number
  /** Another tab is another text with its own history. */
  tabId: string
  initialText: string
  onText: (tabId: string, text: string) => void
  onRun: () => void
  onHandle: (handle: EditorHandle | undefined) => void
}

const dialect = SQLDialect.define({
  keywords: dialectWords.keywords,
  types: dialectWords.types,
  operatorChars: '*+-%<>!=&|~^/?:',
  identifierQuotes: '`"',
  doubleQuotedStrings: false,
})

/** Where SQL is written: coloured, completed and checked by the server's own knowledge of the project. */
export function Editor({ projectId, tabId, initialText, onText, onRun, onHandle }: EditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const calls = useRef({ onText, onRun, onHandle })
  calls.current = { onText, onRun, onHandle }
  const first = useRef(initialText)
  first.current = initialText
  useEffect(() => {
    if (!place.current) return
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          ...basics,
          Prec.highest(
            keymap.of([
              {
                key: 'Mod-Enter',
                run: () => {
                  calls.current.onRun()
                  return true
                },
              },
              { key: 'Tab', run: takeCompletion },
            ]),
          ),
          autocompletion({ override: [(context) => complete(projectId, context)], icons: false }),
          linter((editor) => check(projectId, editor), { delay: 500 }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) calls.current.onText(tabId, update.state.doc.toString())
          }),
        ],
      }),
    })
    calls.current.onHandle(handleOf(view))
    return () => {
      calls.current.onHandle(undefined)
      view.destroy()
    }
  }, [projectId, tabId])
  return <div ref={place} className={classes.editor} />
}

/** While names are offered, Tab takes one; and in the moment before they may be taken it does not leave the editor instead. */
const takeCompletion = (view: EditorView): boolean => acceptCompletion(view) || completionStatus(view.state) !== null

const basics = [
  lineNumbers(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  sql({ dialect }),
  syntaxHighlighting(editorColours),
  editorTheme,
  EditorView.lineWrapping,
  placeholder('SELECT …'),
  EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false', autocapitalize: 'off' }),
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
]

function handleOf(view: EditorView): EditorHandle {
  const put = (from: number, to: number, insert: string) => {
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, scrollIntoView: true })
    view.focus()
  }
  return {
    runText: () => {
      const { main } = view.state.selection
      const chosen = view.state.sliceDoc(main.from, main.to)
      return chosen.trim() === '' ? view.state.doc.toString() : chosen
    },
    insert: (text) => put(view.state.selection.main.from, view.state.selection.main.to, text),
    replace: (text) => put(0, view.state.doc.length, text),
    focus: () => view.focus(),
  }
}

async function complete(projectId: number, context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[$\w]*/)
  const before = context.state.sliceDoc(Math.max(0, context.pos - 1), context.pos)
  if (!context.explicit && (!word || word.from === word.to) && before !== '.' && before !== '{') return null
  const abort = new AbortController()
  context.addEventListener('abort', () => abort.abort(), { onDocChange: true })
  try {
    const text = context.state.doc.toString()
    const answer = await completeSql(projectId, text, context.pos, abort.signal)
    return {
      from: word?.from ?? context.pos,
      options: answer.suggestions.map(completionOf),
      ...(answer.incomplete_list ? {} : { validFor: /^[$\w]*$/ }),
    }
  } catch (error) {
    // why: a list of suggestions that does not come must not stand in the way of typing.
    if (abort.signal.aborted || error instanceof ApiError) return null
    throw error
  }
}

async function check(projectId: number, view: EditorView): Promise<Diagnostic[]> {
  const text = view.state.doc.toString()
  if (text.trim() === '') return []
  try {
    const { errors } = await checkSql(projectId, text)
    return errors.map((mistake) => ({ ...placeOf(mistake, text.length), severity: 'error' as const, message: mistake.message }))
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}
