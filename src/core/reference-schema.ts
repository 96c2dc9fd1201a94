import type { FeatureReference } from './feature-references.js'
import type { FeatureSchema, PropertySchema } from './feature-schema.js'

/** The properties of a schema where references are told in another form than the ids they are. */
export function withReferences(
  { properties }: FeatureSchema,
  columns: Iterable<string>,
  form: FeatureReference['form'],
): FeatureSchema['properties'] {
  const told = new Set(columns)
  return Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, told.has(name) ? { ...plain(one), ...types[form] } : one]),
  )
}

/** Without what only the ids are like. */
const plain = ({ type, format, maxLength, enum: values, 'x-ogc-unit': unit, ...rest }: PropertySchema): PropertySchema => rest

const address = { type: 'string', format: 'uri' } as const

/** OGC 23-058r2, “Profiles for feature references”. */
const types = {
  uri: address,
  link: {
    type: 'object',
    properties: { href: { title: 'Address', ...address }, title: { title: 'Title', type: 'string' } },
    required: ['href'],
  },
} as const satisfies Record<FeatureReference['form'], Partial<PropertySchema>>
