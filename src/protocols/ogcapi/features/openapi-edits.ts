import type { AtlasView } from '#core/atlas.js'
import { editsPossible } from '#core/edit-rights.js'
import { featureTypes, patchType } from './edit-types.js'

const ref = (name: string) => ({ $ref: `#/components/parameters/${name}` })
const header = (name: string, description: string) => ({ name, in: 'header', description, schema: { type: 'string' } })
const told = (name: string, description: string) => ({ [name]: { description, schema: { type: 'string' } } })
const body = (types: readonly string[]) => ({
  required: true,
  content: Object.fromEntries(types.map(type => [type, { schema: { type: 'object' } }])),
})
const problems = {
  default: {
    description: 'What went wrong, all of it where a body does not fit',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } },
  },
}
const contentCrs = header(
  'Content-Crs',
  'The reference system of the coordinates, as <http://www.opengis.net/def/crs/EPSG/0/2154>; CRS84 where absent',
)
const ifMatch = header('If-Match', 'The ETag of the feature as it was read: else 412')
const changed = { 204: { description: 'It was done', headers: told('ETag', 'The version that it is in now') }, ...problems }

/** Operations that change features (OGC API Features Part 4), beside those that read them: of views in which somebody may. */
export function editOperations({ atlas, collections }: AtlasView): { readonly items: object; readonly item: object } {
  const isEditable = atlas.access.write.size > 0 && [...collections.values()].some(collection => editsPossible(collection).length > 0)
  if (!isEditable) return { items: {}, item: {} }
  const ofItem = [ref('collectionId'), ref('featureId'), ifMatch]
  return {
    items: {
      post: {
        operationId: 'createItems',
        summary: 'Make a feature, or all of a FeatureCollection',
        parameters: [ref('collectionId'), contentCrs],
        requestBody: body(featureTypes),
        responses: {
          201: { description: 'It was made', headers: { ...told('Location', 'Address of the feature'), ...told('ETag', 'Its version') } },
          ...problems,
        },
      },
    },
    item: {
      put: {
        operationId: 'replaceItem',
        summary: 'Replace a feature',
        parameters: [...ofItem, contentCrs],
        requestBody: body(featureTypes),
        responses: changed,
      },
      patch: {
        operationId: 'updateItem',
        summary: 'Change parts of a feature (JSON Merge Patch)',
        parameters: [...ofItem, contentCrs],
        requestBody: body([patchType]),
        responses: changed,
      },
      delete: {
        operationId: 'removeItem',
        summary: 'Remove a feature',
        parameters: ofItem,
        responses: { 204: { description: 'It was removed' }, ...problems },
      },
    },
  }
}
