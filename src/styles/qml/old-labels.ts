import { attributeOf, childOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { Notes } from '../notes.js'

const prefix = 'labeling/'

/** Label settings of QGIS 2, which stand among the custom properties of the layer, in the form of later ones. Undefined where labels are off. */
export function oldLabelSettings(root: XmlElement, notes: Notes): XmlElement | undefined {
  const list = childrenOf(childOf(root, 'customproperties') ?? root, 'property')
  const values = new Map(
    list.flatMap(property => {
      const key = attributeOf(property, 'key') ?? ''
      return key.startsWith(prefix) ? [[key.slice(prefix.length), attributeOf(property, 'value') ?? ''] as const] : []
    }),
  )
  if (values.get('enabled') !== 'true') return undefined
  for (const [key, value] of values)
    if (key.startsWith('dataDefined/') && value.startsWith('1~~')) notes.add(`${key.slice(12)} is not computed for each label`, 'labels')
  return { name: 'settings', namespace: '', prefix: '', line: root.line, attributes: [], content: [styleOf(values, root.line)] }
}

/** All on one element: the names of attributes tell what they belong to. */
function styleOf(values: ReadonlyMap<string, string>, line: number): XmlElement {
  const color = (name: string) =>
    ['R', 'G', 'B', 'A'].map(channel => values.get(`${name}${channel}`) ?? (channel === 'A' ? '255' : '0')).join(',')
  const unit = (flag: string, otherwise: string) => (values.get(flag) === 'true' ? 'MapUnit' : otherwise)
  const opacity = (name: string) => String(1 - (Number(values.get(name) ?? 0) || 0) / 100)
  const renamed: Readonly<Record<string, string>> = {
    textColor: color('textColor'),
    textOpacity: opacity('textTransp'),
    bufferColor: color('bufferColor'),
    bufferOpacity: opacity('bufferTransp'),
    shapeFillColor: color('shapeFillColor'),
    shapeBorderColor: color('shapeBorderColor'),
    shapeOpacity: opacity('shapeTransparency'),
    fontSizeUnit: unit('fontSizeInMapUnits', 'Point'),
    bufferSizeUnits: unit('bufferSizeInMapUnits', 'MM'),
    distUnits: unit('distInMapUnits', 'MM'),
    offsetUnits: unit('labelOffsetInMapUnits', 'MM'),
    repeatDistanceUnits: values.get('repeatDistanceUnit') === '2' ? 'MapUnit' : 'MM',
    capitalization: values.get('fontCapitals') ?? '0',
    ...(values.get('fontBold') === 'true' && { fontWeight: '75' }),
  }
  const attributes = [...Object.entries(renamed), ...[...values].filter(([name]) => !Object.hasOwn(renamed, name))]
  return {
    name: 'text-style',
    namespace: '',
    prefix: '',
    line,
    content: [],
    attributes: attributes.map(([name, value]) => ({ name, value, namespace: '' })),
  }
}
