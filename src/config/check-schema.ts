import { Ajv, type ErrorObject } from 'ajv'
import type { Fault } from './faults.js'
import { didYouMean } from './nearest-word.js'
import { type ConfigDocument, isRecord } from './read-document.js'
import { configSchema } from './schema/index.js'
import type { JsonSchema } from './schema/parts.js'

export interface SchemaCheck {
  readonly faults: readonly Fault[]
  /** The data without the parts at fault, fit to be looked at further. */
  readonly sound: Readonly<Record<string, unknown>>
}

/** Every fault of form: unknown keys, wrong types, values out of range. Numbers and booleans that variables gave as text are turned in place. */
export function checkSchema({ data, faultAt, fromVariables }: ConfigDocument): SchemaCheck {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    coerceTypes: true,
    discriminator: true,
    allowUnionTypes: true,
    strictTuples: false,
    strictTypes: false,
  })
  const validate = ajv.compile(configSchema)
  if (validate(data)) return { faults: [], sound: data }
  const errors = validate.errors ?? []
  const sound = structuredClone(data)
  for (const error of errors) removeAt(sound, placeOf(error))
  return { faults: errors.flatMap(error => describe(error, faultAt, fromVariables) ?? []), sound }
}

/** Keys on the way to the smallest part that an error makes useless, lists counting as one part. */
function placeOf({ instancePath, keyword, params, propertyName }: ErrorObject): string[] {
  const keys = instancePath.split('/').slice(1).map(unescaped)
  const name =
    keyword === 'additionalProperties' ? params.additionalProperty : keyword === 'propertyNames' ? params.propertyName : propertyName
  return name === undefined ? keys : [...keys, String(name)]
}

function removeAt(data: Record<string, unknown>, [key, ...rest]: readonly string[]): void {
  if (key === undefined || !Object.hasOwn(data, key)) return
  const inner = data[key]
  if (rest.length > 0 && isRecord(inner)) removeAt(inner, rest)
  else delete data[key]
}

function describe(error: ErrorObject, faultAt: ConfigDocument['faultAt'], fromVariables: ReadonlySet<string>): Fault | undefined {
  const { instancePath: pointer, keyword, params, propertyName, data } = error
  const schema = (error.parentSchema ?? {}) as JsonSchema
  if (propertyName !== undefined) return undefined // the "propertyNames" error around it says it better
  const path = dotted(pointer)
  const quoted = (value: unknown) => (isSecret(pointer) || fromVariables.has(pointer) ? 'the value' : quote(value))
  const at = (message: string) => faultAt(pointer, 'value', path === '' ? message : `${path}: ${message}`)
  switch (keyword) {
    case 'additionalProperties':
      return unknownKey(pointer, path, String(params.additionalProperty), schema, faultAt)
    case 'propertyNames': {
      const name = String(params.propertyName)
      const form = (schema.propertyNames as JsonSchema).title
      return faultAt(`${pointer}/${escaped(name)}`, 'key', `${path}: ${quote(name)} is not ${form}`)
    }
    case 'required':
      return at(`"${params.missingProperty}" is missing`)
    case 'discriminator': {
      const kinds = ((schema.oneOf ?? []) as JsonSchema[]).map(kindOf)
      const given = params.tagValue
      if (given === undefined) return at(`"kind" is missing: one of ${kinds.join(', ')}`)
      return faultAt(
        `${pointer}/kind`,
        'value',
        `${path}.kind: ${quoted(given)} is not one of ${kinds.join(', ')}${didYouMean(String(given), kinds)}`,
      )
    }
    case 'enum': {
      const allowed = params.allowedValues as string[]
      return at(`${quoted(data)} is not one of ${allowed.join(', ')}${didYouMean(String(data), allowed)}`)
    }
    case 'pattern':
    case 'maxLength':
    case 'minLength':
      return at(`${quoted(data)} is not ${schema.title}`)
    case 'type':
      return at(`${quoted(data)} is not ${schema.title ?? typeName(params.type)}`)
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
      return at(`this is not ${schema.title ?? `a list of ${schema.minItems ?? 0} to ${schema.maxItems ?? 'many'} values`}`)
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return at(`${quoted(data)} must be from ${schema.minimum ?? `above ${schema.exclusiveMinimum}`} to ${schema.maximum}`)
    case 'uniqueItems':
      return at('a value is listed twice')
    case 'oneOf':
    case 'if':
      return undefined
    default:
      return at(error.message ?? 'is not right')
  }
}

function unknownKey(pointer: string, path: string, key: string, schema: JsonSchema, faultAt: ConfigDocument['faultAt']): Fault {
  const known = Object.keys((schema.properties ?? {}) as JsonSchema)
  const name = path === '' ? key : `${path}.${key}`
  const hint =
    didYouMean(key, known) ||
    (pointer === '/access' && key === 'read' ? '; reading rules are not built yet' : `; known here: ${known.join(', ')}`)
  return faultAt(`${pointer}/${escaped(key)}`, 'key', `unknown key ${shown(name)}${hint}`)
}

/** Whether what stands at `pointer` may hold a password. */
const isSecret = (pointer: string) => /\/(url|password|keys(\/\d+)?)$/.test(pointer)

const kindOf = (schema: JsonSchema): string => String(((schema.properties as JsonSchema).kind as JsonSchema).const)

const typeName = (type: unknown): string => {
  const names: Record<string, string> = {
    string: 'a text',
    object: 'keys and values',
    array: 'a list',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  }
  return [type]
    .flat()
    .map(name => names[String(name)] ?? String(name))
    .join(' or ')
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')
const unescaped = (key: string) => key.replaceAll('~1', '/').replaceAll('~0', '~')
const dotted = (pointer: string) => shown(unescaped(pointer.slice(1).replaceAll('/', '.')))

/** A value as a message shows it: short, and on one line. */
function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a group of keys'
  return shown(JSON.stringify(value) ?? String(value))
}

const shown = (text: string) => (text.length > 100 ? `${text.slice(0, 97)}…` : text)
