import { crsOfWkt } from '#formats/features/readers/crs/crs-of-wkt.js'
import { crsOf } from '#geo/crs.js'

/** Parameters of a Lambert conformal conic projection with two standard parallels, in degrees and metres. */
export interface LambertParameters {
  readonly originLatitude?: number
  readonly originLongitude?: number
  readonly parallel1?: number
  readonly parallel2?: number
  readonly falseEasting?: number
  readonly falseNorthing?: number
}

/** `EPSG:2154` or `EPSG:3942…3950` when the parameters are those of Lambert-93 or of one of the nine conic conformal zones. */
export function crsFromLambert(p: LambertParameters): string | undefined {
  const near = (value: number | undefined, expected: number) => value !== undefined && Math.abs(value - expected) < 1e-6
  if (!near(p.originLongitude, 3)) return undefined
  const parallels = [p.parallel1 ?? Number.NaN, p.parallel2 ?? Number.NaN].sort((a, b) => a - b)
  if (near(p.originLatitude, 46.5) && near(p.falseEasting, 700000) && near(p.falseNorthing, 6600000))
    return near(parallels[0], 44) && near(parallels[1], 49) ? 'EPSG:2154' : undefined
  const zone = Math.round(p.originLatitude ?? 0)
  if (zone < 42 || zone > 50 || !near(p.originLatitude, zone)) return undefined
  const isZone = near(p.falseEasting, 1700000) && near(p.falseNorthing, (zone - 41) * 1e6 + 200000)
  return isZone && near(parallels[0], zone - 0.75) && near(parallels[1], zone + 0.75) ? `EPSG:${3900 + zone}` : undefined
}

/** The CRS that a name or citation stands for, e.g. `RGF93 / Lambert-93`, `RGF_1993_CC49`, `WGS 84 / UTM zone 31N`, `EPSG:2154`. */
export function crsFromName(name: string): string | undefined {
  const code = /\b(EPSG|IGNF)\W{1,4}([A-Z0-9]{3,20})\b/i.exec(name)
  if (code) return `${code[1].toUpperCase()}:${code[2].toUpperCase()}`
  const text = name.toLowerCase().replace(/[^a-z0-9]+/g, ' ')
  const isRgf = /\brgf ?(19)?93\b/.test(text)
  if (/\blambert ?93\b/.test(text)) return 'EPSG:2154'
  const zone = isRgf ? /\bcc ?(4[2-9]|50)\b/.exec(text) : null
  if (zone) return `EPSG:39${zone[1]}`
  if (/pseudo mercator|popular visuali[sz]ation|web mercator/.test(text)) return 'EPSG:3857'
  const utm = /\butm zone (\d{1,2}) ?([ns])\b/.exec(text)
  if (utm && Number(utm[1]) >= 1 && Number(utm[1]) <= 60) {
    const two = utm[1].padStart(2, '0')
    if (/\bwgs (19)?84\b/.test(text)) return `EPSG:${utm[2] === 'n' ? 326 : 327}${two}`
    if (/\betrs (19)?89\b/.test(text) && utm[2] === 'n') return `EPSG:258${two}`
    if (/\b(nad|north american) ?(19)?83\b/.test(text) && utm[2] === 'n') return `EPSG:269${two}`
  }
  if (/\blambert (2|ii|zone ii) etendu\b/.test(text)) return 'EPSG:27572'
  const ntf = /\bntf (?:paris )?france (iv|i{1,3}) degrees\b/.exec(text)
  if (ntf) return `EPSG:2757${['i', 'ii', 'iii', 'iv'].indexOf(ntf[1]) + 1}`
  if (/^(gcs )?wgs (19)?84( (3d|g\d+|ensemble))?( (geographic|lat|lon).*)?$/.test(text.trim())) return 'EPSG:4326'
  if (/^(gcs )?rgf ?(19)?93( v1)?( geographic.*)?$/.test(text.trim())) return 'EPSG:4171'
  return undefined
}

/** What a well-known text says: the code of its system where it has one here, and in any case its name. */
export interface NamedCrs {
  readonly crs?: string
  readonly label: string
  /** Whether its projection is spelled out, so that other programs can compute with it. */
  readonly isDescribed: boolean
}

/** Reads a `.prj` or the SRS of a `.aux.xml`: the system of its outermost identifier, else of its parameters and names (`crsOfWkt`), else of its name alone. */
export function crsFromWkt(wkt: string): NamedCrs {
  const text = wkt.slice(0, 65536).trim()
  const plain = /^(EPSG|IGNF):\w+$/i.exec(text)
  if (plain) return { crs: text.toUpperCase(), label: text, isDescribed: false }
  const label = /^\s*[A-Z_]+\s*\[\s*"([^"]{1,200})"/i.exec(text)?.[1] ?? ''
  // The outermost authority stands last, right before the closing bracket.
  const ignf = /(?:AUTHORITY|ID)\s*\[\s*"IGNF"\s*,\s*"?(\w+)"?\s*\]\s*\]\s*$/i.exec(text)
  const crs = ignf ? `IGNF:${ignf[1]}` : (crsOfWkt(text)?.crs ?? ofItsKind(crsFromName(label), /^PROJ/i.test(text)) ?? lambertOfWkt(text))
  return { label, isDescribed: /\b(PROJECTION|METHOD)\s*\[/i.test(text), ...(crs && { crs }) }
}

/** A projected system may bear the name of the geographic one it is based on, which it is not. */
export function ofItsKind(code: string | undefined, isProjected: boolean): string | undefined {
  return code && isProjected && crsOf(code)?.isDegrees ? undefined : code
}

function lambertOfWkt(text: string): string | undefined {
  const parameter = (pattern: string) => {
    const match = new RegExp(`PARAMETER\\s*\\[\\s*"${pattern}"\\s*,\\s*(-?[\\d.]+)`, 'i').exec(text)
    return match ? Number(match[1]) : undefined
  }
  return crsFromLambert({
    originLatitude: parameter('latitude[_ ]of[_ ](?:false[_ ])?origin'),
    originLongitude: parameter('(?:central[_ ]meridian|longitude[_ ]of[_ ]false[_ ]origin)'),
    parallel1: parameter('(?:standard[_ ]parallel[_ ]1|latitude of 1st standard parallel)'),
    parallel2: parameter('(?:standard[_ ]parallel[_ ]2|latitude of 2nd standard parallel)'),
    falseEasting: parameter('(?:false[_ ]easting|easting at false origin)'),
    falseNorthing: parameter('(?:false[_ ]northing|northing at false origin)'),
  })
}
