import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromFile, type GeoTIFF } from 'geotiff'
import t from 'tap'
import type { RasterBand, RasterFile } from '#core/atlas.js'
import type { SampleArray } from '#core/ports.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { gdalPythonPath, withoutGdal } from '../../support/gdal.js'
import { missing, unlessAll } from '../../support/programs.js'

/** One file of the zoo as `make-zoo.py` describes it. */
interface Animal {
  readonly name: string
  /** Greatest difference that a lossy codec may make: another decoder rounds elsewhere. */
  readonly lossy: number
  /** GDAL gives the inks as red, green, blue and an alpha that is full everywhere. */
  readonly cmyk?: boolean
  /** GDAL makes a palette of black and white for 1 bit; here it is gray with a range. */
  readonly bilevel?: boolean
  readonly type: string
  readonly levels: readonly (readonly [number, number])[]
  readonly transform: readonly number[]
  /** GDAL's mask flags: 1 all valid, 2 per dataset, 4 alpha, 8 nodata. */
  readonly mask: number
  readonly bands: readonly {
    readonly nodata: string | null
    readonly scale: number | null
    readonly offset: number | null
    readonly unit: string
    readonly description: string
    readonly meaning: string
    readonly minimum: string | null
    readonly maximum: string | null
  }[]
  readonly palette: readonly (readonly [number, number, number])[] | null
  readonly epsg: number
}

/** What GDAL reads of one level: bands, then the mask of the first. */
interface Known {
  readonly bands: readonly SampleArray[]
  readonly mask: Uint8Array
}

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const

// One process of Python and a thousand reads: longer than a test usually may, where many run at once.

t.test(
  'every animal of the zoo is read as GDAL reads it',
  { skip: withoutGdal || unlessAll(missing('tiffcp (libtiff-tools)', 'tiffcp', '-h')) },
  async t => {
    const folder = t.testdir()
    execFileSync(gdalPythonPath, ['test/stores/cog/zoo/make-zoo.py', folder], { env: { ...process.env, GDAL_PAM_ENABLED: 'YES' } })
    const zoo = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Animal[]
    t.ok(zoo.length >= 150, `${zoo.length} files`)
    const store = openCogStore({ id: 'zoo' })
    t.teardown(() => store.close())
    let [byGeotiff, levels] = [0, 0]
    for (const animal of zoo) {
      const path = join(folder, `${animal.name}.tif`)
      const faults: string[] = []
      try {
        const { file, bands } = await store.describe(path)
        faults.push(...metadataFaults(animal, file, bands))
        const known = knownLevels(animal, readFileSync(join(folder, `${animal.name}.raw`)))
        // It overlooks FillOrder, and its LZW decoder never ends then.
        const other = animal.name.includes('reversed') ? undefined : await fromFile(path).catch(() => undefined)
        for (const [level, [width, height]] of animal.levels.entries()) {
          levels++
          const pixels = await store.read(file, level, { left: 0, top: 0, width, height })
          const theirs = animal.cmyk ? { ...known[level], bands: known[level].bands.slice(0, 3) } : known[level]
          if (pixels.bands.length !== theirs.bands.length)
            faults.push(`level ${level} has ${pixels.bands.length} bands, not ${theirs.bands.length}`)
          for (const [b, samples] of theirs.bands.entries())
            faults.push(...differences(pixels.bands[b], samples, animal.lossy, `level ${level} band ${b + 1}`))
          if (level === 0) faults.push(...paletteFaults(animal, pixels.palette))
          faults.push(...maskFaults(animal, bands, theirs, pixels.mask, `level ${level} mask`))
          if (other && level === 0 && animal.lossy === 0 && !animal.cmyk && (await agrees(other, animal, pixels.bands))) byGeotiff++
        }
        other?.close()
      } catch (error) {
        faults.push(String(error))
      }
      t.same(faults, [], animal.name)
    }
    t.ok(byGeotiff > 120, `geotiff reads the same in ${byGeotiff} files, GDAL in ${zoo.length} with ${levels} levels`)
  },
)

function knownLevels({ type, levels, bands }: Animal, bytes: Buffer): Known[] {
  const Typed = arrays[type as keyof typeof arrays]
  let at = 0
  const next = (length: number, Kind: { new (buffer: ArrayBuffer): SampleArray; BYTES_PER_ELEMENT: number }) => {
    const size = length * Kind.BYTES_PER_ELEMENT
    const samples = new Kind(new Uint8Array(bytes.subarray(at, at + size)).buffer)
    at += size
    return samples
  }
  return levels.map(([width, height]) => ({
    bands: bands.map(() => next(width * height, Typed)),
    mask: next(width * height, Uint8Array) as Uint8Array,
  }))
}

function metadataFaults(animal: Animal, file: RasterFile, bands: readonly RasterBand[]): string[] {
  const faults: string[] = []
  const compare = (what: string, ours: unknown, theirs: unknown) => {
    const [a, b] = [JSON.stringify(ours ?? null), JSON.stringify(theirs ?? null)]
    if (a !== b) faults.push(`${what} is ${a}, not ${b}`)
  }
  compare(
    'levels',
    file.levels.map(({ width, height }) => [width, height]),
    animal.levels,
  )
  compare('CRS', file.crs, animal.epsg ? `EPSG:${animal.epsg}` : '')
  if (!animal.transform.every((value, i) => Math.abs(value - file.transform[i]) < 1e-9 * Math.max(1, Math.abs(value))))
    faults.push(`transform is ${file.transform}, not ${animal.transform}`)
  if (animal.cmyk) return faults
  const text = (value: number | undefined) =>
    value === undefined ? undefined : Number.isFinite(value) ? value : String(value).toLowerCase()
  for (const [i, band] of bands.entries()) {
    const known = animal.bands[i]
    compare(`band ${i + 1} type`, band.sampleType === 'float16' ? 'float32' : band.sampleType, animal.type)
    const nodata =
      known.nodata === null ? undefined : known.nodata === 'nan' ? 'nan' : known.nodata === '-inf' ? '-infinity' : Number(known.nodata)
    if (band.meaning !== 'alpha') compare(`band ${i + 1} nodata`, text(band.nodata), nodata)
    compare(`band ${i + 1} scale`, band.scale ?? 1, known.scale ?? 1)
    compare(`band ${i + 1} offset`, band.offset ?? 0, known.offset ?? 0)
    compare(`band ${i + 1} unit`, band.unit ?? '', known.unit)
    if (known.description) compare(`band ${i + 1} name`, band.name, known.description)
    const meanings: Readonly<Record<string, string>> = { Red: 'red', Green: 'green', Blue: 'blue', Alpha: 'alpha', Palette: 'palette' }
    if (meanings[known.meaning] && !animal.bilevel) compare(`band ${i + 1} meaning`, band.meaning, meanings[known.meaning])
    if (known.minimum !== null && known.maximum !== null)
      compare(`band ${i + 1} range`, band.range, [Number(known.minimum), Number(known.maximum)])
  }
  return faults
}

function differences(ours: SampleArray | undefined, theirs: SampleArray, tolerance: number, what: string): string[] {
  if (ours?.length !== theirs.length) return [`${what}: ${ours?.length} samples, not ${theirs.length}`]
  let [count, greatest] = [0, 0]
  for (let i = 0; i < theirs.length; i++) {
    const difference = Object.is(ours[i], theirs[i]) || ours[i] === theirs[i] ? 0 : Math.abs(ours[i] - theirs[i])
    if (!(difference <= tolerance)) count++
    if (!(difference <= greatest)) greatest = difference
  }
  return count === 0 ? [] : [`${what}: ${count} samples differ, by ${greatest} at most`]
}

/** GDAL's mask of nodata is one of the first band; ours hides a pixel when every band is nodata, and NaN in floats always. */
function maskFaults(animal: Animal, bands: readonly RasterBand[], theirs: Known, ours: Uint8Array | undefined, what: string): string[] {
  const count = theirs.mask.length
  if (animal.cmyk) return ours ? [`${what}: CMYK hides nothing`] : []
  if (animal.mask & 8) {
    const nodata = bands.map(band => band.nodata)
    const expected = new Uint8Array(count).fill(255)
    for (let i = 0; i < count; i++)
      if (theirs.bands.every((samples, b) => samples[i] === held(samples, nodata[b]) || Number.isNaN(samples[i]))) expected[i] = 0
    if (bands.length === 1 && !theirs.mask.every((value, i) => value === expected[i] || Number.isNaN(theirs.bands[0][i])))
      return [`${what}: GDAL hides others`]
    return differences(ours ?? new Uint8Array(count).fill(255), expected, 0, what)
  }
  const alpha = bands.findIndex(band => band.meaning === 'alpha')
  if (alpha >= 0 && bands[alpha].sampleType === 'uint8') return differences(ours, theirs.bands[alpha], animal.lossy, what)
  if (alpha >= 0) return []
  if (animal.mask & 1) {
    const expected = theirs.mask.map((_, i) => (theirs.bands.every(samples => Number.isNaN(samples[i])) ? 0 : 255))
    return differences(ours ?? new Uint8Array(count).fill(255), expected, 0, what)
  }
  return differences(ours ?? new Uint8Array(count).fill(255), theirs.mask, 0, what)
}

const held = (samples: SampleArray, nodata: number | undefined) =>
  nodata !== undefined && samples instanceof Float32Array ? Math.fround(nodata) : nodata

function paletteFaults({ palette, bilevel }: Animal, ours: Uint32Array | undefined): string[] {
  if (!palette || bilevel) return []
  const wrong = palette.findIndex(([r, g, b], i) => ours?.[i] !== ((r << 16) | (g << 8) | b))
  return wrong < 0 ? [] : [`palette entry ${wrong} is ${ours?.[wrong].toString(16)}, not ${palette[wrong]}`]
}

/** Whether the `geotiff` package reads the same; false for what it cannot read. */
async function agrees(tiff: GeoTIFF, { type }: Animal, ours: readonly SampleArray[]): Promise<boolean> {
  const theirs = await tiff
    .getImage(0)
    .then(image => image.readRasters())
    .catch(() => undefined)
  if (!theirs) return false
  const rasters = theirs as unknown as SampleArray[]
  return type !== 'int8' && ours.every((samples, b) => differences(samples, rasters[b], 0, '').length === 0)
}
