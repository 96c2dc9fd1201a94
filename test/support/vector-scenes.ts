import type { MapJob } from '#core/queries.js'
import { transformBbox } from '#geo/transform.js'
import type { Style, Symbolizer } from '#styles/style.js'
import { line } from './drawing.js'
import type { MemoryTable } from './memory-store.js'
import { smallTown } from './small-town.js'
import type { StyledTable } from './vector-maps.js'

const origin = [770_000, 6_279_000] as const
const place = (x: number, y: number) => [origin[0] + x, origin[1] + y] as const
export const town = smallTown('EPSG:2154', place)

export const styleOf = (...symbolizers: Symbolizer[]): Style => ({ passes: [{ rules: [{ name: 'all', symbolizers }] }] })

/** A table of geometries with a name each. */
export function named(table: MemoryTable, names: readonly string[]): MemoryTable {
  const name = { name: 'name', kind: 'text', nativeType: 'text', isNullable: true } as const
  const rows = table.rows.map(([id, geometry], i) => [id, names[i % names.length], geometry])
  return { ...table, table: `${table.table}_named`, columns: [...table.columns, name], rows }
}

const waves = Array.from({ length: 4 }, (_, k) =>
  line(...Array.from({ length: 60 }, (_, i) => place(10 + i * 6.4, 60 + k * 90 + 22 * Math.sin(i / 7 + k)))),
)
export const rivers: MemoryTable = { ...town.streets, table: 'rivers', rows: waves.map((geometry, id) => [id, geometry]) }

const fill = (color: string, opacity = 1): Symbolizer => ({ kind: 'fill', color, opacity })
const stroke = (color: string, width: number, more = {}) => ({ color, opacity: 1, width, ...more })
export const label = (more: object = {}): Symbolizer => ({
  kind: 'text',
  text: { kind: 'property', name: 'name' },
  font: { families: ['DejaVu Sans'], size: 13 },
  color: '#102040',
  opacity: 1,
  placement: { kind: 'point', anchor: [0.5, 0.5] },
  ...more,
})
const svgIcon = `data:image/svg+xml;base64,${Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><circle cx="12" cy="12" r="10" fill="#b00020"/><path d="M6 12h12M12 6v12" stroke="#fff" stroke-width="3"/></svg>',
).toString('base64')}`

/** Maps of every way of drawing, by name. */
export const vectorScenes: Readonly<Record<string, readonly StyledTable[]>> = {
  fills: [
    [town.parcels, styleOf({ kind: 'fill', color: '#c8dca0', opacity: 1, outline: stroke('#335511', 1.5) })],
    [town.houses, styleOf(fill('#a04030', 0.6))],
  ],
  'moved fills': [[town.houses, styleOf({ kind: 'fill', color: '#888888', opacity: 1, displacement: [6, 4] })]],
  strokes: [
    [
      town.streets,
      styleOf(
        { kind: 'line', stroke: stroke('#445566', 9, { cap: 'round', join: 'round' }) },
        { kind: 'line', stroke: stroke('#ffdd66', 5, { cap: 'round', join: 'bevel' }) },
      ),
    ],
  ],
  dashes: [
    [rivers, styleOf({ kind: 'line', stroke: stroke('#0055aa', 4, { dashes: [14, 6, 3, 6], dashOffset: 5 }) })],
    [town.parcels, styleOf({ kind: 'line', stroke: stroke('#aa2222', 2, { dashes: [8, 5], cap: 'square' }) })],
  ],
  parallels: [
    [
      rivers,
      styleOf(
        { kind: 'line', stroke: stroke('#008800', 3), offset: 7 },
        { kind: 'line', stroke: stroke('#880088', 3, { dashes: [9, 9] }), offset: -7 },
      ),
    ],
  ],
  hatches: [
    [
      town.parcels,
      styleOf({ kind: 'fill', opacity: 1, pattern: { kind: 'hatch', angle: 35, spacing: 9, stroke: stroke('#226688', 2.5) } }),
    ],
    [
      town.houses,
      styleOf({
        kind: 'fill',
        opacity: 0.8,
        pattern: { kind: 'hatch', angle: -45, spacing: 6, offset: 2, stroke: stroke('#cc3300', 2, { dashes: [7, 4] }) },
      }),
    ],
  ],
  textures: [
    [
      town.parcels,
      styleOf({
        kind: 'fill',
        color: '#eeeecc',
        opacity: 1,
        pattern: {
          kind: 'graphic',
          graphic: { shapes: [{ kind: 'mark', shape: 'triangle', color: '#228822' }], size: 9 },
          margin: [7, 5],
          stagger: 0.5,
        },
      }),
    ],
  ],
  marks: [
    [
      town.trees,
      styleOf({
        kind: 'point',
        graphic: {
          shapes: [{ kind: 'mark', shape: 'star', color: '#dd8800', outline: stroke('#553300', 1.5) }],
          size: 18,
          rotation: 20,
          opacity: 0.8,
        },
      }),
    ],
    [
      town.parcels,
      styleOf({
        kind: 'point',
        graphic: { shapes: [{ kind: 'mark', shape: 'circle', color: '#3366cc' }], size: 8, displacement: [3, -4] },
      }),
    ],
  ],
  icons: [
    [town.trees, styleOf({ kind: 'point', graphic: { shapes: [{ kind: 'icon', href: svgIcon }], size: 22, opacity: 0.9 } })],
    [town.houses, styleOf({ kind: 'point', graphic: { shapes: [{ kind: 'icon', href: svgIcon }], size: 14, rotation: 30 } })],
  ],
  'graphic strokes': [
    [
      rivers,
      styleOf(
        { kind: 'line', stroke: stroke('#999999', 1) },
        {
          kind: 'line',
          stroke: stroke('#000000', 1, {
            graphic: { graphic: { shapes: [{ kind: 'mark', shape: 'triangle', color: '#7722aa' }], size: 10 }, gap: 12 },
          }),
        },
      ),
    ],
  ],
  labels: [
    [town.parcels, styleOf(fill('#f4f0e4'))],
    [named(town.parcels, ['Ile', 'Pré', 'Bois']), styleOf(label())],
    [
      named(town.trees, ['Chêne', 'Tilleul']),
      styleOf(
        label({
          font: { families: ['DejaVu Sans'], size: 12, weight: 700 },
          halo: { color: '#ffffff', opacity: 1, radius: 2 },
          placement: { kind: 'point', anchor: [0, 0.5], displacement: [4, 0], rotation: 15 },
        }),
      ),
    ],
  ],
  'point clouds': [
    [
      town.trees,
      {
        passes: [
          {
            transformation: { kind: 'heatmap', radius: 60 },
            rules: [
              {
                name: 'heat',
                symbolizers: [
                  {
                    kind: 'raster',
                    opacity: 0.8,
                    colorMap: {
                      kind: 'ramp',
                      entries: [
                        { value: 0, color: '#ffffff', opacity: 0 },
                        { value: 1, color: '#cc0000' },
                      ],
                    },
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
    [
      town.trees,
      {
        passes: [
          {
            transformation: { kind: 'cluster', distance: 60 },
            rules: [
              {
                name: 'clusters',
                symbolizers: [
                  { kind: 'point', graphic: { shapes: [{ kind: 'mark', shape: 'circle', color: '#224466' }], size: 24 } },
                  label({ text: { kind: 'property', name: 'count' }, color: '#ffffff' }),
                ],
              },
            ],
          },
        ],
      },
    ],
  ],
  shields: [
    [
      named(town.trees, ['D 952', 'A 4']),
      styleOf(
        label({
          color: '#ffffff',
          shield: {
            graphic: { shapes: [{ kind: 'mark', shape: 'rectangle', color: '#1144aa', outline: stroke('#000000', 1) }], size: 12 },
            isStretched: true,
            margin: 4,
          },
        }),
      ),
    ],
  ],
  characters: [
    [
      town.trees,
      styleOf({
        kind: 'point',
        graphic: { shapes: [{ kind: 'glyph', family: 'DejaVu Sans', character: '★', color: '#aa2200' }], size: 20, rotation: 10 },
      }),
    ],
  ],
  'labels along lines': [
    [rivers, styleOf({ kind: 'line', stroke: stroke('#88bbee', 16, { cap: 'round', join: 'round' }) })],
    [
      named(rivers, ['Rivière de la Moselle', 'Canal latéral', 'Ruisseau des Prés', 'Oued']),
      styleOf(label({ halo: { color: '#e0f0ff', opacity: 0.8, radius: 1.5 }, placement: { kind: 'line' } })),
    ],
  ],
  opacity: [
    [
      town.parcels,
      {
        passes: [
          { rules: [{ name: 'a', symbolizers: [fill('#ddcc88')] }] },
          { opacity: 0.5, rules: [{ name: 'b', symbolizers: [{ kind: 'line', stroke: stroke('#aa0000', 12) }] }] },
        ],
      },
    ],
  ],
  blend: [
    [town.parcels, styleOf(fill('#ffcc66'))],
    [town.houses, { passes: [{ blend: 'multiply', rules: [{ name: 'a', symbolizers: [fill('#66aaff')] }] }] }],
    [
      town.streets,
      {
        passes: [
          { blend: 'difference', opacity: 0.8, rules: [{ name: 'a', symbolizers: [{ kind: 'line', stroke: stroke('#88ff44', 8) }] }] },
        ],
      },
    ],
  ],
}

const box = [770_000, 6_279_000, 770_400, 6_279_400] as const
/** The whole town, a corner of it six times as large, and the town in another CRS at twice the resolution. */
export const vectorFrames: Readonly<Record<string, Partial<MapJob>>> = {
  whole: {},
  corner: { bbox: [770_130, 6_279_130, 770_200, 6_279_200], scaleDenominator: 625 },
  mercator: {
    crs: 'EPSG:3857',
    bbox: transformBbox([box[0] + 50, box[1] + 50, box[2] - 50, box[3] - 50], 'EPSG:2154', 'EPSG:3857'),
    pixelRatio: 2,
  },
}
