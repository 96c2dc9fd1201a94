import { type CssColor, ofRgb, parseCssColor } from '../css-color.js'

const black: CssColor = { color: '#000000', opacity: 1 }

/** `r,g,b`, `r,g,b,a` of 0 to 255 (what newer versions put behind is left out), `#rrggbb`, or another form of CSS. Black when it is none. */
export function qmlColor(text: string | undefined): CssColor {
  return parseQmlColor(text ?? '') ?? black
}

/** As `qmlColor`; undefined when it is none. */
export function parseQmlColor(text: string): CssColor | undefined {
  const channels = /^\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*(\d{1,3})\s*)?(?:,|$)/.exec(text)
  if (!channels) return parseCssColor(argbLast(text))
  const [red, green, blue, alpha = 255] = channels.slice(1).map(channel => (channel === undefined ? undefined : Number(channel)))
  return ofRgb([red!, green!, blue!], share(alpha!))
}

/** Qt writes the alpha first in eight digits. */
function argbLast(text: string): string {
  const [, alpha, rgb] = /^#([\da-fA-F]{2})([\da-fA-F]{6})$/.exec(text) ?? []
  return rgb === undefined ? text : `#${rgb}${alpha}`
}

const share = (alpha: number) => Math.round((Math.min(255, alpha) / 255) * 1e6) / 1e6
