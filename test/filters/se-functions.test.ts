import t from 'tap'
import { compileExpression } from '#filters/compile-filter.js'
import type { Expression, Scalar } from '#filters/expression.js'
import { parseExpressionElement } from '#filters/ogc/read-expression.js'
import { RowBuilder } from '#rows/row-builder.js'
import { rowView } from '#rows/row-view.js'
import { readXml } from '#xml/read.js'

const schema = {
  columns: [
    { name: 'nom', kind: 'text', oid: 25 },
    { name: 'n', kind: 'double', oid: 701 },
    { name: 'jour', kind: 'timestamp', oid: 1114 },
    { name: 'rien', kind: 'text', oid: 25 },
  ],
} as const
const row = rowView(new RowBuilder(schema).row(['Évêché de Troyes', 1234.5, '2024-02-29T15:04:05', null]).take())

const value = (expression: Expression, environment: Record<string, Scalar> = {}) => compileExpression(expression, schema, environment)(row)
const read = (xml: string) =>
  parseExpressionElement(
    readXml(`<root xmlns="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc">${xml}</root>`).content[0] as never,
  )
const nom = '<ogc:PropertyName>nom</ogc:PropertyName>'
const n = '<ogc:PropertyName>n</ogc:PropertyName>'

t.test('functions of SE 1.1 on texts, numbers and dates', async t => {
  const cases: [xml: string, value: Scalar][] = [
    [`<Substring><StringValue>${nom}</StringValue><Position>1</Position><Length>6</Length></Substring>`, 'Évêché'],
    [`<Substring><StringValue>${nom}</StringValue><Position>11</Position></Substring>`, 'Troyes'],
    [
      `<Concatenate><StringValue>${nom}</StringValue><StringValue> (</StringValue><StringValue>${n}</StringValue><StringValue>)</StringValue></Concatenate>`,
      'Évêché de Troyes (1234.5)',
    ],
    [`<ChangeCase direction="toUpper"><StringValue>${nom}</StringValue></ChangeCase>`, 'ÉVÊCHÉ DE TROYES'],
    [`<ChangeCase direction="toLower"><StringValue>${nom}</StringValue></ChangeCase>`, 'évêché de troyes'],
    ['<Trim stripOffPosition="both" stripOffChar="x"><StringValue>xxaxbx</StringValue></Trim>', 'axb'],
    ['<Trim stripOffChar="0"><StringValue>0070</StringValue></Trim>', '70'],
    [`<StringPosition><LookupString>é</LookupString><StringValue>${nom}</StringValue></StringPosition>`, 6],
    [`<StringPosition searchDirection="backToFront"><LookupString>e</LookupString><StringValue>${nom}</StringValue></StringPosition>`, 15],
    [`<StringPosition><LookupString>z</LookupString><StringValue>${nom}</StringValue></StringPosition>`, 0],
    [`<StringLength><StringValue>${nom}</StringValue></StringLength>`, 16],
    [`<FormatNumber><NumericValue>${n}</NumericValue><Pattern>#,##0.00</Pattern></FormatNumber>`, '1,234.50'],
    [
      `<FormatNumber decimalPoint="," groupingSeparator="."><NumericValue>${n}</NumericValue><Pattern>###,###.## €</Pattern></FormatNumber>`,
      '1.234,5 €',
    ],
    [
      '<FormatNumber><NumericValue>-5</NumericValue><Pattern>00.0</Pattern><NegativePattern>(00.0)</NegativePattern></FormatNumber>',
      '(05.0)',
    ],
    [
      '<FormatDate><DateValue><ogc:PropertyName>jour</ogc:PropertyName></DateValue><Pattern>DD/MM/YYYY hh:mm:ss</Pattern></FormatDate>',
      '29/02/2024 15:04:05',
    ],
    ['<FormatDate fallbackValue="?"><DateValue>hier</DateValue><Pattern>DD</Pattern></FormatDate>', '?'],
    [`<ogc:Add>${n}<ogc:Literal>0.5</ogc:Literal></ogc:Add>`, 1235],
    [`<ogc:Div>${n}<ogc:Literal>0</ogc:Literal></ogc:Div>`, null],
    [`<ogc:Function name="strSubstring">${nom}<ogc:Literal>0</ogc:Literal><ogc:Literal>3</ogc:Literal></ogc:Function>`, 'Évê'],
  ]
  for (const [xml, expected] of cases) t.same(value(read(xml)), expected, xml)
})

t.test('categories, recoding and interpolation', async t => {
  const classes = (attributes: string, of: string) =>
    value(
      read(
        `<Categorize${attributes}><LookupValue>${of}</LookupValue><Value>A</Value><Threshold>10</Threshold><Value>B</Value><Threshold>20</Threshold><Value>C</Value></Categorize>`,
      ),
    )
  t.same(
    ['-1', '10', '19.9', '20', '99'].map(of => classes('', of)),
    ['A', 'B', 'B', 'C', 'C'],
    'a threshold belongs to what follows',
  )
  t.same(
    ['10', '10.1', '20'].map(of => classes(' thresholdsBelongTo="preceding"', of)),
    ['A', 'B', 'B'],
  )
  t.equal(classes(' threshholdsBelongTo="preceding"', '20'), 'B', 'as the schema of the standard spells it')
  t.equal(classes(' fallbackValue="?"', 'abc'), '?')
  const recoded = (of: string) =>
    value(
      read(
        `<Recode><LookupValue>${of}</LookupValue><MapItem><Data>1</Data><Value>Forêt</Value></MapItem><MapItem><Data>2</Data><Value>${nom}</Value></MapItem></Recode>`,
      ),
    )
  t.same(['1', '2', '3'].map(recoded), ['Forêt', 'Évêché de Troyes', null])
  const between = (of: string, attributes = '', [a, b] = ['10', '20']) =>
    value(
      read(
        `<Interpolate${attributes}><LookupValue>${of}</LookupValue><InterpolationPoint><Data>0</Data><Value>${a}</Value></InterpolationPoint><InterpolationPoint><Data>100</Data><Value>${b}</Value></InterpolationPoint></Interpolate>`,
      ),
    )
  t.same(
    ['-5', '0', '25', '100', '500'].map(of => between(of)),
    [10, 10, 12.5, 20, 20],
  )
  t.equal(between('50', ' mode="cosine"'), 15)
  t.equal(between('50', ' method="color"', ['#000000', '#ff8000']), '#804000')
  t.throws(() => between('50', ' mode="cubic"'), { kind: 'unsupported', message: /cubic.*linear/ })
  t.throws(() => read('<Categorize><LookupValue>1</LookupValue><Value>A</Value><Threshold>x</Threshold><Value>B</Value></Categorize>'), {
    message: /“x” is no number/,
  })
  t.throws(() => read('<Categorize><LookupValue>1</LookupValue><Value>A</Value><Threshold>5</Threshold></Categorize>'), {
    message: /1 values and 1 thresholds/,
  })
})

t.test('what GeoServer writes as functions', async t => {
  const call = (name: string, ...args: string[]) =>
    read(
      `<ogc:Function name="${name}">${args.map(arg => (arg.startsWith('<') ? arg : `<ogc:Literal>${arg}</ogc:Literal>`)).join('')}</ogc:Function>`,
    )
  t.equal(value(call('Recode', '2', '1', 'un', '2', 'deux')), 'deux')
  t.equal(value(call('Categorize', n, 'petit', '1000', 'grand')), 'grand')
  t.equal(value(call('Interpolate', '50', '0', '#000000', '100', '#ffffff', 'color', 'linear')), '#808080')
  t.equal(value(call('env', 'wms_scale_denominator'), { scaleDenominator: 25_000 }), 25_000)
  t.equal(value(call('env', 'zone', 'nord')), 'nord')
  t.equal(value(call('env', 'zone', 'nord'), { zone: 'sud' }), 'sud')
  t.equal(value(call('in', nom, 'a', 'Évêché de Troyes')), true)
  t.equal(value(call('if_then_else', 'true', 'oui', 'non')), 'oui')
  t.throws(() => call('Recode', '2', '1'), { kind: 'malformed', message: /Recode/ })
  t.throws(() => call('strSubstr', nom), { kind: 'unknown-function', message: /strSubstring/ })
})
