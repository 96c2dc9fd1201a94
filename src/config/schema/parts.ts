/** A JSON Schema (draft 7). `title` is what a right value is called in messages: "… is not {title}". */
export type JsonSchema = Readonly<Record<string, unknown>>

export const line: JsonSchema = { type: 'string', minLength: 1, maxLength: 2000, title: 'a text of 1 to 2,000 characters' }

export const crsCode: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z]+:[A-Za-z0-9_.]+$',
  title: 'a CRS code such as EPSG:2154',
}

/** A text, or one per language. */
export const text = (description: string): JsonSchema => ({
  description: `${description} A text, or one per language: { fr: …, en: … }.`,
  type: ['string', 'object'],
  title: 'a text of 1 to 20,000 characters, or one per language',
  minLength: 1,
  maxLength: 20_000,
  minProperties: 1,
  propertyNames: { pattern: '^[a-z]{2}$', title: 'a language code of two letters such as fr' },
  additionalProperties: { type: 'string', minLength: 1, maxLength: 20_000, title: 'a text of 1 to 20,000 characters' },
})

/** A word, alone or with the list it is of. */
const keyword: JsonSchema = {
  type: ['string', 'object'],
  title: 'a word, or { word: …, vocabulary: … }',
  minLength: 1,
  maxLength: 2000,
  properties: { word: line, vocabulary: { ...line, description: 'Name of the list the word is of.' } },
  required: ['word', 'vocabulary'],
  additionalProperties: false,
}

const keywordList: JsonSchema = { type: 'array', items: keyword, maxItems: 500 }

export const keywords: JsonSchema = {
  description: 'Keywords: a list, or a list per language. One of a known list is { word: …, vocabulary: … }.',
  type: ['array', 'object'],
  title: 'a list of keywords, or one per language',
  items: keyword,
  maxItems: 500,
  minProperties: 1,
  propertyNames: { pattern: '^[a-z]{2}$', title: 'a language code of two letters such as fr' },
  additionalProperties: keywordList,
}

/** An address of something, and its media type. */
export const resourceUrl = (description: string, format: string): JsonSchema =>
  record(description, { url: httpUrl, format: { ...line, description: `Media type, ${format} by default.` } }, ['url'])

export const httpUrl: JsonSchema = { ...line, pattern: '^https?://', title: 'an http(s) URL' }

/** One value or a list of values. */
export const oneOrMore = (description: string, value: JsonSchema): JsonSchema => ({
  description,
  type: ['string', 'array'],
  title: `${String(value.title ?? 'a text')}, or a list`,
  minLength: 1,
  minItems: 1,
  maxItems: 1000,
  items: { ...value, type: 'string' },
})

export const storeId: JsonSchema = {
  description: 'Id of a store of "stores".',
  type: 'string',
  pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$',
  title: 'a store id: a letter, then letters, digits, _ or -',
}

export const integer = (description: string, minimum: number, maximum: number): JsonSchema => ({
  description,
  type: 'integer',
  minimum,
  maximum,
})

/** An object that knows exactly these keys. */
export const record = (
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema => ({
  description,
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
})

/** An object from names of one form to values of one form. */
export const named = (description: string, names: JsonSchema, value: JsonSchema): JsonSchema => ({
  description,
  type: 'object',
  propertyNames: names,
  additionalProperties: value,
})
