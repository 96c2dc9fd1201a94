import { gdalPython } from './gdal.js'

/** What GDAL finds in a file of features. */
export interface OgrLayer {
  readonly name: string
  /** `EPSG:2154` */
  readonly crs: string | null
  /** As GDAL names them, with subtype: `Integer`, `Integer64`, `Real`, `String`, `Integer(Boolean)`, `Date`, … */
  readonly types: Readonly<Record<string, string>>
  readonly features: readonly OgrFeature[]
}

export interface OgrFeature {
  readonly fid: number
  /** As text, exact; null where not set. */
  readonly fields: Readonly<Record<string, string | null>>
  /** ISO WKB, base 64, x before y. */
  readonly geometry: string | null
}

const script = `
gdal.SetConfigOption('OGR_APPLY_GEOM_SET_PRECISION', 'NO')
from osgeo import ogr
import base64
ogr.UseExceptions()
path, driver, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
ds = gdal.OpenEx(path, gdal.OF_VECTOR, allowed_drivers=[driver], open_options=options)
layers = []
for i in range(ds.GetLayerCount()):
    layer = ds.GetLayer(i)
    definition = layer.GetLayerDefn()
    fields = [definition.GetFieldDefn(k) for k in range(definition.GetFieldCount())]
    def kind(f):
        sub = f.GetSubType()
        return f.GetTypeName() + ('(' + ogr.GetFieldSubTypeName(sub) + ')' if sub else '')
    srs = layer.GetSpatialRef()
    features = []
    for f in layer:
        g = f.GetGeometryRef()
        def value(k):
            if not f.IsFieldSetAndNotNull(k): return None
            t = fields[k].GetType()
            if t == ogr.OFTReal: return repr(f.GetField(k))
            if t == ogr.OFTInteger64: return str(f.GetFieldAsInteger64(k))
            return f.GetFieldAsString(k)
        features.append({'fid': f.GetFID(), 'fields': {d.GetName(): value(k) for k, d in enumerate(fields)},
            'geometry': base64.b64encode(bytes(g.ExportToIsoWkb())).decode() if g is not None else None})
    code = None
    if srs is not None:
        srs.AutoIdentifyEPSG() if srs.GetAuthorityCode(None) is None else None
        code = '%s:%s' % (srs.GetAuthorityName(None), srs.GetAuthorityCode(None))
    layers.append({'name': layer.GetName(), 'crs': code, 'types': {d.GetName(): kind(d) for d in fields}, 'features': features})
print(json.dumps(layers))
`

/** Reads a file with one of GDAL's drivers. */
export function ogrLayers(path: string, driver: string, openOptions: readonly string[] = []): readonly OgrLayer[] {
  return gdalPython(script, path, driver, JSON.stringify(openOptions))
}

/** The WKB of a feature. */
export const ogrShape = ({ geometry }: OgrFeature): Uint8Array | null => (geometry === null ? null : Buffer.from(geometry, 'base64'))
