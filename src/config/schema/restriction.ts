import { type JsonSchema, line, named, record } from './parts.js'

const value = { type: ['string', 'number', 'boolean'], maxLength: 1000, title: 'a text, a number, true or false' }

const parameter = record(
  'A value that a request may give.',
  {
    type: { description: 'What its values are.', enum: ['integer', 'number', 'text', 'date', 'boolean'] },
    default: { ...value, description: 'Where a request gives none.' },
    values: { description: 'Nothing else is taken.', type: 'array', items: value, minItems: 1, maxItems: 1000, uniqueItems: true },
    pattern: { ...line, description: 'Of texts: a regular expression for the whole of it, such as "[0-9]{5}".' },
  },
  ['type', 'default'],
)

/** Keys of a collection that say which rows of its table it is. */
export const restrictionKeys: Readonly<Record<string, JsonSchema>> = {
  filter: {
    description: 'Only rows of the table for which this is true, in CQL: "public = true AND year = :year".',
    type: 'string',
    minLength: 1,
    maxLength: 20_000,
    title: 'a condition in CQL',
  },
  params: named(
    'Parameters of the filter, by name: PARAMS=year:2024 in a request.',
    { pattern: '^[A-Za-z_][A-Za-z0-9_]{0,40}$', title: 'a name of letters, digits and _' },
    parameter,
  ),
}
