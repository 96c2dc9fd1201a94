// Maps with styles of their own: SLD for Arpent, the same as plain values (`rule`) for the peers.
import { readSld } from '../../dist/styles/sld/read-sld.js'
import { boxes } from './requests.mjs'

/** Pixels of such a map, both ways. */
const side = 1024

const document = body =>
  `<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc"><NamedLayer><Name>bench</Name><UserStyle><Name>bench</Name>${body
    .map(rule => `<FeatureTypeStyle><Rule>${rule}</Rule></FeatureTypeStyle>`)
    .join('')}</UserStyle></NamedLayer></StyledLayerDescriptor>`
const css = (name, value) => `<CssParameter name="${name}">${value}</CssParameter>`
const line = ({ color, width }) =>
  `<LineSymbolizer><Stroke>${css('stroke', color)}${css('stroke-width', width)}${css('stroke-linecap', 'round')}${css('stroke-linejoin', 'round')}</Stroke></LineSymbolizer>`
const circle = (color, size) =>
  `<PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName><Fill>${css('fill', color)}</Fill></Mark><Size>${size}</Size></Graphic></PointSymbolizer>`

const casing = { color: '#5a5a5a', opacity: 1, width: 4 }
const stroke = { color: '#f7d774', opacity: 1, width: 2.5 }
const cased = { sld: document([line(casing), line(stroke)]), rule: { symbolizers: [{ kind: 'line', stroke, casing }] } }

const mark = { kind: 'mark', color: '#b03060', opacity: 1, radius: 2.5, halo: { color: '#ffffff', opacity: 1, width: 1 } }
/** The text beside each place, right of it, as far as nothing is in its way. */
export const label = { column: 'numero', family: 'Open Sans', size: 10, color: '#202020', halo: '#ffffff', haloWidth: 1, offset: 5 }
const text = `<TextSymbolizer><Label><ogc:PropertyName>${label.column}</ogc:PropertyName></Label><Font>${css('font-family', label.family)}${css('font-size', label.size)}</Font><LabelPlacement><PointPlacement><AnchorPoint><AnchorPointX>0</AnchorPointX><AnchorPointY>0.5</AnchorPointY></AnchorPoint><Displacement><DisplacementX>${label.offset}</DisplacementX><DisplacementY>0</DisplacementY></Displacement></PointPlacement></LabelPlacement><Halo><Radius>${label.haloWidth}</Radius><Fill>${css('fill', label.halo)}</Fill></Halo><Fill>${css('fill', label.color)}</Fill></TextSymbolizer>`
const labelled = {
  sld: document([circle(mark.halo.color, 2 * (mark.radius + mark.halo.width)), `${circle(mark.color, 2 * mark.radius)}${text}`]),
  rule: { symbolizers: [mark], label },
}

const styled = (name, title, table, type, metres, salt, look) => ({
  name, title, kind: 'map', needs: ['vectors'],
  make: world => ({
    layer: { name: name.replace(/-/g, '_'), published: name, table, type, extent: world.extent, style: readSld(look.sld).layers[0].styles[0].style, ...look },
    requests: boxes(world, metres, salt, { side }),
  }),
}) // biome-ignore format: like the others

export const styledWorkloads = [
  styled('styled-lines', 'PNG of 1024 px: some 20,000 streets with casings', 'streets', 'LINESTRING', 5300, 6, cased),
  styled('styled-labels', 'PNG of 1024 px: some 2,000 places with labels', 'places', 'POINT', 1850, 7, labelled),
]

/** Small maps of every kind of style, none twice: what is asked for when memory is watched. */
export function styledMaps(world, count) {
  return styledWorkloads.map(({ make }, k) => {
    const { layer } = make(world)
    return { layer, requests: boxes(world, 400, 30 + k, { count: Math.ceil(count / styledWorkloads.length) }) }
  })
}
