import { readFile, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { Finding } from '#core/atlas.js'
import type { Publication, StyleSetting } from '#core/publication.js'
import { languageOf, type NamedReadStyle } from '#styles/languages.js'
import { StyleError } from '#styles/style-error.js'
import { decodeXml, XmlError } from '#xml/read.js'
import { inlineIcons } from './inline-icons.js'
import { displayPath } from './left-out.js'

/** Bytes of the largest file read as a style. */
const largestStyle = 20e6
/** Notes of one file that are told; a verdict of thousands of lines would help nobody. */
const mostNotes = 20

/**
 * Publications with the styles that the config names for them, or else those that lie beside their data: `communes.sld` beside `communes.gpkg`, with
 * `communes.parcelles.sld` for one of its layers. A style that cannot be read is left out, and the verdict says why.
 */
export async function dressed(publications: readonly Publication[], found: readonly string[]): Promise<readonly Publication[]> {
  const beside = new Map<string, string[]>()
  for (const path of found) {
    const key = stem(path)
    beside.set(key, [...(beside.get(key) ?? []), path])
  }
  return Promise.all(publications.map(publication => dress(publication, beside)))
}

async function dress(publication: Publication, beside: ReadonlyMap<string, readonly string[]>): Promise<Publication> {
  const { settings, file, findings } = publication
  const paths = settings.styleFiles ?? (settings.styles || file === undefined ? [] : besideOf(file, beside))
  if (paths.length === 0) return publication
  const read = await Promise.all(paths.map(path => readStyles(path, publication)))
  const styles = uniquelyNamed([...read.flatMap(({ styles }) => styles), ...(settings.styles ?? [])])
  const told = [...findings, ...read.flatMap(({ findings }) => findings)]
  return { ...publication, settings: { ...settings, ...(styles.length > 0 && { styles }) }, findings: told }
}

/** Those of the layer, else those of the file, `file.gpkg#layer`. */
function besideOf(file: string, beside: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const [path, layer] = file.split(/#(?=[^#/\\]*$)/)
  const own = layer === undefined ? undefined : beside.get(`${stem(path)}.${layer.toLowerCase()}`)
  return own ?? beside.get(stem(unpacked(path))) ?? beside.get(unpacked(path)) ?? beside.get(path.toLowerCase()) ?? []
}

/** Path without its last ending, whatever the case. */
const stem = (path: string) => path.slice(0, path.length - extname(path).length).toLowerCase()

/** A packed file has the name of what is in it. */
const unpacked = (path: string) => path.toLowerCase().replace(/\.gz$/, '')

interface StylesOfFile {
  readonly styles: readonly StyleSetting[]
  readonly findings: readonly Finding[]
}

async function readStyles(path: string, { name, id }: Publication): Promise<StylesOfFile> {
  const where = displayPath(path)
  try {
    const { size } = await stat(path)
    if (size > largestStyle) throw new StyleError(`It has ${size} bytes; a style may have ${largestStyle}.`)
    // Styles in XML name their encoding; those of the nineties are in Latin-1.
    const text = decodeXml(await readFile(path))
    const language = languageOf(path, text)
    if (!language) throw new StyleError('It is in no language of styles known here; SLD, QML or a MapLibre style would have worked.')
    const { styles, notes } = language.read(text)
    const told = notes
      .slice(0, mostNotes)
      .map(note => ofStyle('style-part', `${where}${note.line === undefined ? '' : `, line ${note.line}`}: ${note.path}: ${note.message}`))
    const rest = notes.length - told.length
    if (rest > 0) told.push(ofStyle('style-part', `${where}: so it is with ${rest} more of its parts.`))
    const settings = await Promise.all(
      forLayer(styles, id ?? name).map(async named => {
        const { style, faults } = await inlineIcons(named.style, path)
        told.push(...faults.map(fault => ofStyle('style-part', `${where}: ${fault}`)))
        return settingOf({ ...named, style }, path)
      }),
    )
    return { styles: settings, findings: told }
  } catch (error) {
    return { styles: [], findings: [ofStyle('unread-style', `${where} is not drawn with: ${reasonOf(error)}`)] }
  }
}

const ofStyle = (code: string, message: string): Finding => ({ severity: 'warning', code, message })

/** Of styles for several layers those of this one; all, where none is. */
function forLayer(styles: readonly NamedReadStyle[], name: string): readonly NamedReadStyle[] {
  const own = styles.filter(
    ({ layer }) => layer !== undefined && layer.replace(/^.*:/, '').toLowerCase() === name.replace(/^.*:/, '').toLowerCase(),
  )
  return own.length > 0 ? own : styles
}

function settingOf({ name, style }: NamedReadStyle, path: string): StyleSetting {
  const id = name ?? basename(path, extname(path))
  return { name: id, title: style.title ?? id, style }
}

function uniquelyNamed(styles: readonly StyleSetting[]): readonly StyleSetting[] {
  const names = new Set<string>()
  return styles.map(style => {
    let { name } = style
    for (let n = 2; names.has(name); n++) name = `${style.name}_${n}`
    names.add(name)
    return name === style.name ? style : { ...style, name }
  })
}

function reasonOf(error: unknown): string {
  if (error instanceof StyleError || error instanceof XmlError) return error.message
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file.'
  if (code !== undefined) return `it cannot be read (${code}).`
  throw error
}
