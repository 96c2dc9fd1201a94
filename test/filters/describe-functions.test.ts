import { Ajv } from 'ajv'
import t from 'tap'
import { compileFilter } from '#filters/compile-filter.js'
import { parseCql2Text } from '#filters/cql2/parse-cql2-text.js'
import { describeFunctions } from '#filters/functions/describe-functions.js'

const type = { type: 'array', items: { enum: ['string', 'number', 'integer', 'datetime', 'geometry', 'boolean'] }, minItems: 1 }
/** As OGC 19-079r2 has it for the resource `/functions`. */
const schema = {
  type: 'object',
  required: ['functions'],
  properties: {
    functions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'returns'],
        properties: {
          name: { type: 'string' },
          description: { type: 'string' },
          args: { type: 'array', items: { type: 'object', required: ['type'], properties: { title: { type: 'string' }, type } } },
          returns: type,
        },
        additionalProperties: false,
      },
    },
  },
}

t.test('the functions are described as the standard wants it, and each can be called as it is described', async t => {
  const { functions } = describeFunctions()
  t.ok(new Ajv().validate(schema, { functions }))
  t.equal(new Set(functions.map(({ name }) => name)).size, functions.length)
  t.match(
    functions.find(({ name }) => name === 'Add'),
    { args: [{ type: ['number'] }, { type: ['number'], title: 'may be repeated' }], returns: ['number'] },
  )
  t.match(
    functions.find(({ name }) => name === 'upper'),
    { description: /strToUpperCase/, args: [{ type: ['string'] }], returns: ['string'] },
  )
  const values: Readonly<Record<string, string>> = { number: '1', string: "'a'", boolean: 'TRUE', geometry: 'geom' }
  const geometry = { name: 'geom', kind: 'geometry', oid: 0 } as const
  for (const { name, args, returns } of functions) {
    const isNeeded = ({ title }: { readonly title?: string }) => title !== 'may be left out'
    const call = `${name}(${args
      .filter(isNeeded)
      .map(arg => values[arg.type[0]!])
      .join(', ')})`
    const filter = parseCql2Text(returns.length === 1 && returns[0] === 'boolean' ? call : `${call} = ${values[returns[0]!]}`)
    t.doesNotThrow(() => compileFilter(filter, { columns: [geometry] }), call)
  }
})
