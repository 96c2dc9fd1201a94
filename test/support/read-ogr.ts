import { gdalPython } from './gdal.js'

/** A layer as GDAL reads it. */
export interface OgrLayer {
  readonly name: string
  readonly geometryType: string
  readonly geometryColumn: string
  readonly fidColumn: string
  /** `EPSG:2154`, where GDAL finds a code; else its name. */
  readonly crs: string | null
  readonly extent: readonly number[] | null
  readonly fields: readonly {
    readonly name: string
    readonly type: string
    readonly width: number
    readonly comment: string
    readonly alternative: string
  }[]
  readonly rows: readonly OgrRow[]
  readonly metadata: Readonly<Record<string, string>>
}

export interface OgrRow {
  /** A text: it may be beyond 2^53. */
  readonly fid: string
  /** By field: null, texts of numbers (doubles as Python's `repr`), texts, ISO dates, hexadecimal bytes. */
  readonly values: Readonly<Record<string, string | null>>
  /** Hexadecimal ISO WKB. */
  readonly geometry: string | null
}

const script = `
from osgeo import ogr
ogr.UseExceptions()
gdal.SetConfigOption('OGR_SQLITE_STATIC_VIRTUAL_OGR', 'NO')
options = json.loads(sys.argv[2])
ds = gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR, open_options=options.get('open', []))
def value(feature, i, field):
    if not feature.IsFieldSetAndNotNull(i): return None
    kind = field.GetType()
    if kind == ogr.OFTBinary: return bytes(feature.GetFieldAsBinary(i)).hex()
    if kind == ogr.OFTReal: return repr(feature.GetFieldAsDouble(i))
    if kind in (ogr.OFTInteger, ogr.OFTInteger64): return str(feature.GetFieldAsInteger64(i))
    if kind in (ogr.OFTDate, ogr.OFTTime, ogr.OFTDateTime):
        y, mo, d, h, mi, s, tz = feature.GetFieldAsDateTime(i)
        date = '%04d-%02d-%02d' % (y, mo, d)
        time = '%02d:%02d:%06.3f' % (h, mi, s)
        return date if kind == ogr.OFTDate else time if kind == ogr.OFTTime else date + 'T' + time + ('Z' if tz == 100 else '')
    return feature.GetFieldAsString(i)
layers = []
for n in range(ds.GetLayerCount()):
    layer = ds.GetLayer(n)
    definition = layer.GetLayerDefn()
    srs = layer.GetSpatialRef()
    crs = None
    if srs:
        code = srs.GetAuthorityCode(None)
        if not code:
            found = [m for m, c in srs.FindMatches() or [] if c >= 90]
            code = found[0].GetAuthorityCode(None) if found else None
        crs = (srs.GetAuthorityName(None) or 'EPSG') + ':' + code if code else srs.GetName()
    fields = [definition.GetFieldDefn(i) for i in range(definition.GetFieldCount())]
    if options.get('filter'): layer.SetSpatialFilterRect(*options['filter'])
    rows = []
    for feature in layer:
        geometry = feature.GetGeometryRef()
        rows.append({'fid': str(feature.GetFID()), 'values': {field.GetName(): value(feature, i, field) for i, field in enumerate(fields)},
            'geometry': bytes(geometry.ExportToIsoWkb()).hex() if geometry is not None else None})
    has = any(row['geometry'] for row in rows)
    extent = list(layer.GetExtent()) if has and not options.get('filter') else None
    layers.append({'name': layer.GetName(), 'geometryType': ogr.GeometryTypeToName(layer.GetGeomType()), 'geometryColumn': layer.GetGeometryColumn(), 'fidColumn': layer.GetFIDColumn(),
        'crs': crs, 'extent': extent, 'rows': rows, 'metadata': layer.GetMetadata() or {},
        'fields': [{'name': f.GetName(), 'type': f.GetTypeName() + ('(' + ogr.GetFieldSubTypeName(f.GetSubType()) + ')' if f.GetSubType() else ''), 'width': f.GetWidth(),
            'comment': getattr(f, 'GetComment', lambda: '')() or '', 'alternative': getattr(f, 'GetAlternativeName', lambda: '')() or ''} for f in fields]})
print(json.dumps(layers))
`

/** Every layer of a file as GDAL reads it. `filter`: minX, minY, maxX, maxY of a spatial filter. */
export function ogrLayers(
  path: string,
  options: { readonly filter?: readonly number[]; readonly open?: readonly string[] } = {},
): OgrLayer[] {
  return gdalPython<OgrLayer[]>(script, path, JSON.stringify(options))
}
