import type { Scalar } from '#filters/expression.js'
import { mapExpression } from '#filters/walk.js'
import { isExpression } from './computed.js'

/** Addresses of the pictures in a style or a part of it, each once; of computed ones those that they may come to. */
export function pictureAddresses(part: unknown): ReadonlySet<string> {
  const addresses = new Set<string>()
  eachAddress(part, value => {
    if (typeof value === 'string' && value !== '') addresses.add(value)
  })
  return addresses
}

/** Those of graphics that have nothing else to be drawn as. */
export function lonePictures(part: unknown): ReadonlySet<string> {
  const addresses = new Set<string>()
  eachGraphic(part, shapes => {
    if (shapes.every(shape => shape?.kind === 'icon')) for (const address of pictureAddresses(shapes)) addresses.add(address)
  })
  return addresses
}

function eachGraphic(part: unknown, take: (shapes: readonly { readonly kind?: unknown }[]) => void): void {
  if (Array.isArray(part)) for (const each of part) eachGraphic(each, take)
  else if (typeof part === 'object' && part !== null) {
    const { shapes } = part as { shapes?: unknown }
    if (Array.isArray(shapes)) take(shapes)
    for (const value of Object.values(part)) eachGraphic(value, take)
  }
}

function eachAddress(part: unknown, note: (value: Scalar) => void): void {
  if (Array.isArray(part)) for (const each of part) eachAddress(each, note)
  else if (typeof part === 'object' && part !== null) {
    const { kind, href } = part as { kind?: unknown; href?: unknown }
    if (kind === 'icon') {
      if (typeof href === 'string') note(href)
      else if (isExpression(href))
        mapExpression(href, {
          expression(one) {
            if (one.kind === 'literal' && /\.\w{3,4}$/.test(String(one.value))) note(one.value)
            return one
          },
        })
    }
    for (const value of Object.values(part)) eachAddress(value, note)
  }
}
