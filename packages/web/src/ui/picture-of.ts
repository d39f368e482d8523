interface PictureOptions {
  /** Over the picture. */
  title: string
  /** Under the title, small. */
  note: string
  /** A sharper picture of a canvas than it holds itself. */
  sharper?: ((canvas: HTMLCanvasElement) => string | undefined) | undefined
}

/** What is marked with it is left out of pictures: controls, and what is only there for those who look at the page. */
export const unpictured = { 'data-unpictured': 'true' }

const paddingPx = 24
// limit: browsers draw no canvas with a longer side, or with more pixels.
const longestPx = 16_000
const mostPixels = 100_000_000

/**
 * A part of the page as a PNG, as it stands, twice as fine: elements, drawings and canvases alike. What is scrolled out of sight
 * inside of it is in the picture too.
 */
export async function pictureOf(element: HTMLElement, options: PictureOptions): Promise<Blob> {
  const { node, widthPx } = copyOf(element, options)
  const width = widthPx + 2 * paddingPx
  const font = await fontFace()
  const root = getComputedStyle(document.documentElement)
  const token = (name: string) => root.getPropertyValue(`--${name}`).trim()
  const page = document.createElement('div')
  page.style.cssText = `box-sizing:border-box;width:${width}px;padding:${paddingPx}px;background:${token('surface')};font-family:${token('font-text')};color:${token('ink')}`
  const head = document.createElement('div')
  head.style.cssText = `padding-bottom:14px`
  head.append(line(options.title, `font-size:17px;font-weight:620;color:${token('ink')}`))
  head.append(line(options.note, `font-size:12px;color:${token('ink-soft')};padding-top:3px`))
  page.append(head, node)
  // It is measured where it stands: a title may take several lines, and what is left out leaves no room.
  page.style.position = 'fixed'
  page.style.insetInlineStart = '-100000px'
  page.setAttribute('aria-hidden', 'true')
  document.body.append(page)
  const height = Math.ceil(page.getBoundingClientRect().height)
  page.remove()
  page.style.position = 'static'
  return painted(drawingOf(page, width, height, font), width, height)
}

function line(text: string, css: string): HTMLElement {
  const made = document.createElement('div')
  made.style.cssText = css
  made.textContent = text
  return made
}

/** A copy that carries its looks in itself, with everything that its scrollers hold. */
function copyOf(element: HTMLElement, { sharper }: PictureOptions): { node: HTMLElement; widthPx: number } {
  let moreWidth = 0
  const grown: HTMLElement[] = []
  function copy(from: Element): Element | undefined {
    if (from.getAttribute('data-unpictured') !== null) {
      return undefined
    }
    const style = getComputedStyle(from)
    if (style.display === 'none') return undefined
    const to = from instanceof HTMLCanvasElement ? imageOf(from, sharper) : (from.cloneNode(false) as Element)
    for (const { name } of [...to.attributes])
      if (/^(class|id|title|href|data-|aria-|on|tabindex|role)/.test(name)) to.removeAttribute(name)
    if (to instanceof HTMLElement || to instanceof SVGElement) to.style.cssText = lookOf(style)
    if (from instanceof HTMLElement && to instanceof HTMLElement && /auto|scroll/.test(`${style.overflowX} ${style.overflowY}`)) {
      moreWidth = Math.max(moreWidth, from.scrollWidth - from.clientWidth)
      to.style.overflow = 'visible'
      to.style.width = `${from.scrollWidth}px`
      to.style.height = `${from.scrollHeight}px`
      to.style.maxHeight = 'none'
      to.dataset.grown = 'true'
      grown.push(to)
    }
    for (const child of from.childNodes) {
      if (child instanceof Element) {
        const copied = copy(child)
        if (copied) to.append(copied)
        else if (to instanceof HTMLElement) grown.push(to)
      } else if (child.nodeType === Node.TEXT_NODE) to.append(child.cloneNode())
    }
    return to
  }
  const node = copy(element) as HTMLElement
  for (const each of grown) {
    for (let above: HTMLElement | null = each.dataset.grown ? each.parentElement : each; above; above = above.parentElement) {
      above.style.height = 'auto'
      above.style.maxHeight = 'none'
      above.style.overflow = 'visible'
    }
  }
  node.style.opacity = '1'
  return { node, widthPx: Math.ceil(element.getBoundingClientRect().width + moreWidth) }
}

/** Every property as it is computed; the places of sticky elements mean nothing where nothing scrolls. */
function lookOf(style: CSSStyleDeclaration): string {
  const parts: string[] = []
  for (const name of style) {
    if (/^(transition|animation|cursor|pointer-events|inset-inline|inset-block)/.test(name)) continue
    parts.push(name === 'position' && style.position === 'sticky' ? 'position:static' : `${name}:${style.getPropertyValue(name)}`)
  }
  return parts.join(';')
}

function imageOf(canvas: HTMLCanvasElement, sharper: PictureOptions['sharper']): HTMLImageElement {
  const image = document.createElement('img')
  image.src = sharper?.(canvas) ?? canvas.toDataURL()
  return image
}

/** The page as a drawing: markup is written by the serialiser, so that text stays text. */
function drawingOf(page: HTMLElement, width: number, height: number, font: string): string {
  const style = document.createElement('style')
  style.textContent = font
  page.prepend(style)
  // why: characters that XML does not know would make the whole drawing unreadable.
  const markup = new XMLSerializer()
    .serializeToString(page)
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${markup}</foreignObject></svg>`
}

async function painted(drawing: string, width: number, height: number): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`
  await image.decode()
  const scale = Math.min(2, longestPx / Math.max(width, height), Math.sqrt(mostPixels / (width * height)))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser draws no pictures.')
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large to be drawn.'))), 'image/png'),
  )
}

/** The app's own letters, which a drawing can take only from itself. */
async function fontFace(): Promise<string> {
  const rules = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSFontFaceRule)
    .filter((rule) => rule.style.getPropertyValue('unicode-range').toUpperCase().startsWith('U+0-FF'))
  const faces = await Promise.all(
    rules.map(async (rule) => {
      const address = /url\("?([^")]+)"?\)/.exec(rule.style.getPropertyValue('src'))?.[1]
      if (address === undefined) return ''
      const file = await (await fetch(new URL(address, rule.parentStyleSheet?.href ?? location.href))).blob()
      const family = rule.style.getPropertyValue('font-family')
      return `@font-face{font-family:${family};font-weight:100 900;src:url(${await dataAddress(file)}) format("woff2")}`
    }),
  )
  return faces.join('\n')
}

const dataAddress = (file: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('The letters could not be read.'))
    reader.readAsDataURL(file)
  })
