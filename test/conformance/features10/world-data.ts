/** A town with its place in four reference systems, as PROJ 9.1 transforms it: what the program under test is held against. */
export interface Town {
  readonly id: number
  readonly name: string
  readonly lonLat: readonly [number, number]
  /** Easting, northing in EPSG:2154, EPSG:3035 and EPSG:3857. */
  readonly x2154: readonly [number, number]
  readonly x3035: readonly [number, number]
  readonly x3857: readonly [number, number]
  /** The day it was seen, 2020-01-01 and each second day after; the last was never seen. */
  readonly seen: string | null
}

const town = (
  id: number,
  name: string,
  lonLat: Town['lonLat'],
  x2154: Town['x2154'],
  x3035: Town['x3035'],
  x3857: Town['x3857'],
): Town => ({
  id,
  name,
  lonLat,
  x2154,
  x3035,
  x3857,
  seen: id === 16 ? null : new Date(Date.UTC(2020, 0, 2 * id - 1)).toISOString().slice(0, 10),
})

export const towns: readonly Town[] = [
  town(1, 'Paris', [2.3522, 48.8566], [652469.023, 6862035.259], [3760771.865, 2889484.802], [261845.706, 6250564.35]),
  town(2, 'Marseille', [5.3698, 43.2965], [892390.222, 6247035.257], [3944516.57, 2254771.845], [597763.402, 5357211.617]),
  town(3, 'Lyon', [4.8357, 45.764], [842666.659, 6519924.367], [3919078.92, 2530754.338], [538307.662, 5742610.375]),
  town(4, 'Toulouse', [1.4442, 43.6047], [574357.82, 6279642.972], [3630189.806, 2316762.883], [160767.609, 5404471.002]),
  town(5, 'Nice', [7.262, 43.7102], [1043410.16, 6299400.043], [4099841.491, 2293046.226], [808402.142, 5420703.947]),
  town(6, 'Nantes', [-1.5536, 47.2184], [355577.802, 6689723.103], [3449245.653, 2746495.924], [-172945.961, 5977795.656]),
  town(7, 'Strasbourg', [7.7521, 48.5734], [1050362.695, 6840899.647], [4155083.079, 2831416.674], [862959.825, 6202783.874]),
  town(8, 'Bordeaux', [-0.5792, 44.8378], [417241.539, 6421813.346], [3486180.807, 2473296.422], [-64476.249, 5596022.458]),
  town(9, 'Lille', [3.0573, 50.6292], [704061.146, 7059136.589], [3830590.099, 3080766.844], [340337.079, 6555963.748]),
  town(10, 'Rennes', [-1.6778, 48.1173], [352107.38, 6789966.542], [3455237.355, 2846854.79], [-186771.842, 6126391.608]),
  town(11, 'Brest', [-4.4861, 48.3904], [146632.979, 6836262.327], [3255601.046, 2913655.94], [-499390.368, 6172050.987]),
  town(12, 'Metz', [6.1757, 49.1193], [931775.557, 6895716.166], [4041909.394, 2896827.885], [687475.779, 6295128.405]),
  town(13, 'Ajaccio', [8.7369, 41.9192], [1176526.602, 6108263.023], [4215838.021, 2091535.149], [972587.259, 5148883.67]),
  town(14, 'Besançon', [6.0241, 47.2378], [928723.262, 6686324.566], [4019885.822, 2688549.85], [670599.744, 5980975.832]),
  town(15, 'Le Mans', [0.1996, 48.0061], [491215.132, 6771004.197], [3591797.841, 2814300.724], [22219.37, 6107869.718]),
  town(16, 'Pau', [-0.3708, 43.2951], [426379.828, 6249833.551], [3480163.074, 2301193.939], [-41277.267, 5356997.489]),
]

/** Part of the world between meridians and parallels. */
export interface Zone {
  readonly id: number
  readonly name: string
  /** West, south, east, north; null where it lies nowhere. */
  readonly box: readonly [number, number, number, number] | null
  readonly begun: string
}

/** Zones that lie in the boxes that the official suite asks for, around the Gulf of Guinea, and one that lies nowhere. */
export const zones: readonly Zone[] = [
  ...(
    [
      ['Greenwich', [-0.5, 51, 0.5, 52]],
      ['Quito', [-79, -1, -77, 1]],
      ['Chukotka, east', [-180, 66, -178, 68]],
      ['Chukotka, west', [178, 66, 180, 68]],
      ['Arctic', [-30, 86, 10, 88]],
      ['Antarctic', [20, -88, 40, -86]],
    ] as const
  ).map(([name, box]) => ({ name, box })),
  ...Array.from({ length: 18 }, (_, i) => ({
    name: `Guinea ${i + 1}`,
    box: [2 * (i % 6), 3 * Math.floor(i / 6) - 4, 2 * (i % 6) + 1, 3 * Math.floor(i / 6) - 2] as const,
  })),
  // not in the first ten, where the official suite stumbles over a geometry that is null
  { name: 'Nowhere', box: null },
].map((zone, i) => ({ id: i + 1, ...zone, begun: new Date(Date.UTC(2010 + i, 5, 15, 12)).toISOString().replace('.000Z', 'Z') }))

/** Entries of a register, which lie nowhere at all. */
export const entries = Array.from({ length: 12 }, (_, i) => ({
  number: i + 1,
  label: `Entry ${i + 1}`,
  entered: new Date(Date.UTC(2021, i, 1)).toISOString().slice(0, 10),
  share: i / 4,
}))
