import { RenderError } from './render-error.js'

/** The bytes in a `data:` address (RFC 2397). Throws `RenderError`. */
export function decodeDataAddress(href: string): Uint8Array {
  const [, isBase64, data] = /^data:[^,]*?(;base64)?,(.*)$/is.exec(href) ?? []
  if (data === undefined) throw new RenderError('invalid', 'A data: address has a comma before its data.')
  try {
    const text = decodeURIComponent(data)
    return isBase64 ? new Uint8Array(Buffer.from(text, 'base64')) : new TextEncoder().encode(text)
  } catch {
    throw new RenderError('invalid', 'A data: address has a broken %-escape.')
  }
}
