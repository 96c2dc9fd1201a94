import type { AtlasView, Collection, Text } from '#core/atlas.js'
import { textIn } from '#core/text.js'

/** What a WMS shows of a view: collections, nested by theme. */
export type LayerNode = GroupLayer | { readonly kind: 'collection'; readonly collection: Collection }

export interface GroupLayer {
  readonly kind: 'group'
  /** By which the whole theme can be asked for; absent where none can be made, or where it has more layers than a map may have. */
  readonly name?: string
  readonly title: Text
  readonly children: readonly LayerNode[]
}

/** Whether a collection can be drawn at all: tables without geometry are not layers. */
export function isLayer({ source }: Collection): boolean {
  return source.kind === 'raster' || source.geometry !== undefined
}

/** Whether there is anything to tell about a place in it. */
export function isQueryable(collection: Collection): boolean {
  return isLayer(collection)
}

/** Layers of a view in the order of publication; a theme stands where its first layer does. */
export function layerTree({ atlas, collections }: AtlasView): readonly LayerNode[] {
  type Open = { kind: 'group'; name?: string; title: Text; children: LayerNode[] }
  const root: LayerNode[] = []
  const groups = new Map<string, Open>()
  const { languages } = atlas.service
  for (const collection of collections.values()) {
    if (!isLayer(collection)) continue
    let siblings = root
    let path = ''
    for (const title of collection.theme ?? []) {
      path += `/${textIn(title, languages)}`
      let group = groups.get(path)
      if (!group) {
        group = { kind: 'group', title, children: [] }
        groups.set(path, group)
        siblings.push(group)
      }
      siblings = group.children
    }
    siblings.push({ kind: 'collection', collection })
  }

  const taken = new Set<string>()
  for (const [path, group] of groups) {
    const name = slug(path)
    if (name === '' || taken.has(name) || collections.has(name) || collectionsOf(group).length > atlas.limits.mapLayers) continue
    taken.add(name)
    group.name = name
  }
  return root
}

/** Collections below a node, in order. */
export function collectionsOf(node: LayerNode): readonly Collection[] {
  return node.kind === 'collection' ? [node.collection] : node.children.flatMap(collectionsOf)
}

/** The group of that name, wherever it is nested. */
export function findGroup(nodes: readonly LayerNode[], name: string): GroupLayer | undefined {
  for (const node of nodes) {
    if (node.kind !== 'group') continue
    const found = node.name === name ? node : findGroup(node.children, name)
    if (found) return found
  }
  return undefined
}

/** `Eau et déchets / Réseaux` as `eau-et-dechets/reseaux`: no commas, no spaces, the same in every language of the answer. */
function slug(path: string): string {
  const parts = path
    .slice(1)
    .split('/')
    .map(part =>
      part
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_.]+/gu, '-')
        .replace(/^-|-$/g, ''),
    )
  return parts.includes('') ? '' : parts.join('/')
}
