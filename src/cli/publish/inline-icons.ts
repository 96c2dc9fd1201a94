import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, resolve, sep } from 'node:path'
import type { Scalar } from '#filters/expression.js'
import { mapExpression } from '#filters/walk.js'
import { faultOfPicture } from '#render/fault-of-picture.js'
import { isExpression } from '#styles/computed.js'
import { pictureAddresses } from '#styles/picture-addresses.js'
import type { Style } from '#styles/style.js'

/** A style whose pictures are part of it, and what of them could not be had, as sentences. */
export interface StyleWithIcons {
  readonly style: Style
  readonly faults: readonly string[]
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
}
/** Bytes of one picture, and of all of a style. */
const [largest, most] = [1e6, 10e6]

/**
 * Puts the pictures that a style names into it, as `data:` addresses: files below the folder of the style's own file, nothing else. So a style is
 * whole wherever it is drawn, and changes when a picture does.
 */
export async function inlineIcons(style: Style, file: string): Promise<StyleWithIcons> {
  const folder = dirname(resolve(file))
  const addresses = [...pictureAddresses(style)]
  const names = addresses.filter(address => !address.startsWith('data:'))
  const faults: string[] = []
  const pictures = new Map<string, string>()
  let room = most
  for (const name of names) {
    const picture = await pictureFor(folder, name)
    if (typeof picture === 'object' && picture.length <= room) {
      room -= picture.length
      pictures.set(name, `data:${mediaTypes[extname(name).toLowerCase()]};base64,${Buffer.from(picture).toString('base64')}`)
    } else
      faults.push(
        `the picture ${name.slice(0, 100)} is not drawn: ${typeof picture === 'string' ? picture : 'its pictures are too large together'}.`,
      )
  }
  for (const address of addresses.filter(address => address.startsWith('data:'))) {
    const fault = await faultOfPicture(address)
    if (fault !== undefined) faults.push(`a picture inside it is not drawn: ${fault}`)
  }
  return { style: pictures.size > 0 ? (replaced(style, pictures) as Style) : style, faults }
}

/** Libraries of pictures have folders of their own; who copies one file puts it beside the style. */
async function pictureFor(folder: string, name: string): Promise<Uint8Array | string> {
  const picture = await pictureAt(folder, name)
  const alone = basename(name)
  if (typeof picture !== 'string' || alone === name || name.split('/').includes('..')) return picture
  const beside = await pictureAt(folder, alone)
  return typeof beside === 'string' ? picture : beside
}

async function pictureAt(folder: string, name: string): Promise<Uint8Array | string> {
  const path = resolve(folder, name)
  if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return 'it lies outside of the folder of the style'
  if (!Object.hasOwn(mediaTypes, extname(name).toLowerCase())) return 'SVG, PNG, JPEG, WebP and GIF would be'
  try {
    const { size } = await stat(path)
    if (size > largest) return `it has more than ${largest} bytes`
    const picture = await readFile(path)
    return (await faultOfPicture(picture))?.replace(/\.$/, '') ?? picture
  } catch {
    return 'there is no such file'
  }
}

function replaced(part: unknown, pictures: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(part)) return part.map(each => replaced(each, pictures))
  if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return part
  const { kind, href } = part as { kind?: unknown; href?: unknown }
  const inner = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, replaced(value, pictures)]))
  if (kind !== 'icon') return inner
  const other = (value: Scalar) => (typeof value === 'string' ? (pictures.get(value) ?? value) : value)
  if (typeof href === 'string') return { ...inner, href: other(href) }
  if (!isExpression(href)) return inner
  return {
    ...inner,
    href: mapExpression(href, { expression: one => (one.kind === 'literal' ? { ...one, value: other(one.value) } : one) }),
  }
}
