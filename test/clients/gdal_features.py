"""What GDAL makes of OGC API Features through its OAPIF driver: lists, reads, filters, pages, finds one. Each is compared with what GDAL reads of the file
that was published. Prints one JSON object.

usage: gdal_features.py ADDRESS
"""
import json
import sys

from osgeo import gdal, ogr, osr

gdal.UseExceptions()
address = sys.argv[1]
demo = "fixtures/demo"
VILLAGE = (5.534722235, 48.898663436, 5.540350854, 48.902143142)


def text(feature, name):
    return feature.GetField(name) if feature.IsFieldSet(name) and not feature.IsFieldNull(name) else None


def read(layer, key, names, to=None):
    found = {}
    for feature in layer:
        geometry = feature.GetGeometryRef()
        geometry = geometry.Clone() if geometry else None
        if geometry and to:
            geometry.Transform(to)
        found[str(feature.GetField(key))] = ([text(feature, name) for name in names], geometry)
    return found


def alike(found, wanted):
    if set(found) != set(wanted):
        return {"missing": len(set(wanted) - set(found)), "further": len(set(found) - set(wanted))}
    differing = [(found[key][0], wanted[key][0]) for key in wanted if found[key][0] != wanted[key][0]]
    boxes = [(found[key][1].GetEnvelope(), wanted[key][1].GetEnvelope()) for key in wanted if wanted[key][1]]
    apart = max((abs(a - b) for one, other in boxes for a, b in zip(one, other)), default=0)
    return {"count": len(found), "differing": differing[:3], "near": apart < 2e-8}


def columns(layer):
    definition = layer.GetLayerDefn()
    return [definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount())]


def look(layer, source, key, expression):
    names = [name for name in columns(source) if name in columns(layer)]
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    srs = source.GetSpatialRef()
    to = osr.CoordinateTransformation(srs, degrees) if srs else None
    seen = {"count": [layer.GetFeatureCount(), source.GetFeatureCount()], "compared": len(names)}
    seen["all"] = alike(read(layer, key, names), read(source, key, names, to))
    layer.SetAttributeFilter(expression)
    source.SetAttributeFilter(expression)
    seen["filter"] = [layer.GetFeatureCount(), alike(read(layer, key, names), read(source, key, names, to))]
    layer.SetAttributeFilter(None)
    source.SetAttributeFilter(None)
    if srs:
        layer.SetSpatialFilterRect(*VILLAGE)
        box = ogr.CreateGeometryFromWkt("POLYGON(({0} {1},{2} {1},{2} {3},{0} {3},{0} {1}))".format(*VILLAGE))
        inside = {k: v for k, v in read(source, key, names, to).items() if v[1].Intersects(box)}
        seen["box"] = [layer.GetFeatureCount(), alike(read(layer, key, names), inside)]
        layer.SetSpatialFilter(None)
    return seen


seen = {"version": gdal.__version__}
service = gdal.OpenEx(f"OAPIF:{address}", gdal.OF_VECTOR)
seen["layers"] = [service.GetLayer(i).GetName() for i in range(service.GetLayerCount())]
village = gdal.OpenEx(f"{demo}/saint-evrault.gpkg", gdal.OF_VECTOR)
trees = gdal.OpenEx(f"{demo}/arbres.geojson", gdal.OF_VECTOR)
seen["ws:parcelles"] = look(service.GetLayerByName("ws:parcelles"), village.GetLayerByName("parcelles"), "idu", "section = 'AA' AND contenance > 1000")
seen["arbres"] = look(service.GetLayerByName("arbres"), trees.GetLayer(0), "id", "remarquable = 1")
seen["crs"] = service.GetLayerByName("ws:parcelles").GetSpatialRef().GetAuthorityCode(None)

bare = service.GetLayerByName("population")
seen["population"] = [bare.GetFeatureCount(), len({feature["code_insee"] for feature in bare}), ogr.GeometryTypeToName(bare.GetLayerDefn().GetGeomType())]

small = gdal.OpenEx(f"OAPIF:{address}/collections/ws:batiments", gdal.OF_VECTOR, open_options=["PAGE_SIZE=25"])
paged = small.GetLayer(0)
seen["paged"] = [paged.GetName(), len([feature for feature in paged]), len({feature.GetFID() for feature in paged})]
one = service.GetLayerByName("arbres").GetFeature(7)
seen["one"] = [one.GetFID(), one["essence"]]
try:
    gdal.OpenEx(f"OAPIF:{address}/collections/nulle_part", gdal.OF_VECTOR)
except RuntimeError as error:
    seen["refused"] = str(error)

path = f"/vsicurl/{address}/files/exports/ws%3Abatiments.fgb"
file = gdal.OpenEx(path, gdal.OF_VECTOR)
stored = file.GetLayer(0)
stored.SetSpatialFilterRect(885960, 6869590, 886060, 6869690)
seen["file"] = [gdal.VSIStatL(path).size, stored.GetFeatureCount(), stored.GetSpatialRef().GetAuthorityCode(None)]
print(json.dumps(seen))
