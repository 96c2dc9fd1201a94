"""Makes GeoPackages of one layer each, named as the layer, and GeoTIFFs, by recipes (JSON on standard input: {"folder", "recipes": {name: {…}}}).

A recipe has `from` (a file) or `archive` and `member` (the ending of a file within), and may have `sql` (in SQLite's dialect) and `crs`; or `polygonize` and `breaks`,
which makes polygons of classes of height; or `classify` and `classes` ([below, name, colour]), which makes a GeoTIFF of them with a palette and their names. Prints, as JSON, why a recipe made nothing: {name: reason}.
"""
import glob
import json
import os
import sys
import tarfile

import numpy
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
gdal.SetConfigOption("OSM_USE_CUSTOM_INDEXING", "YES")


def opened_path(recipe, folder):
    if "archive" in recipe:
        within = os.path.join(folder, os.path.basename(recipe["archive"]) + ".d")
        if not os.path.isdir(within):
            with tarfile.open(recipe["archive"]) as archive:
                archive.extractall(within)
        return next(path for path in glob.glob(within + "/*") if path.endswith(recipe["member"]))
    path = os.path.abspath(recipe["from"])
    if path.endswith(".pbf"):
        return unpacked_osm(path, folder)
    return "/vsizip/" + path if path.endswith(".zip") else "/vsigzip/" + path if path.endswith(".gz") else path


def unpacked_osm(path, folder):
    """Once for all its recipes: it is read from end to end each time."""
    unpacked = os.path.join(folder, os.path.basename(path) + ".gpkg.source")
    if not os.path.exists(unpacked):
        layers = ["points", "lines", "multipolygons"]
        gdal.VectorTranslate(unpacked, path, options=gdal.VectorTranslateOptions(format="GPKG", layers=layers, layerCreationOptions=["GEOMETRY_NAME=geometry"]))
    return unpacked


def translate(name, recipe, folder):
    source = opened_path(recipe, folder)
    options = {"format": "GPKG", "layerName": name, "geometryType": ["PROMOTE_TO_MULTI"] if "sql" not in recipe else None}
    if "sql" in recipe:
        options |= {"SQLStatement": recipe["sql"], "SQLDialect": "SQLite"}
    if "crs" in recipe:
        options["dstSRS"] = recipe["crs"]
    options["dim"] = "XY"
    gdal.VectorTranslate(os.path.join(folder, name + ".gpkg"), source, options=gdal.VectorTranslateOptions(**{k: v for k, v in options.items() if v}))


def polygonize(name, recipe, folder):
    raster = gdal.Open(recipe["polygonize"])
    heights = raster.ReadAsArray().astype(float)
    classes = gdal.GetDriverByName("MEM").CreateCopy("", raster)
    classes.GetRasterBand(1).WriteArray(numpy.digitize(heights, recipe["breaks"]).astype(numpy.int16) + 1)
    srs = osr.SpatialReference(raster.GetProjection())
    out = ogr.GetDriverByName("GPKG").CreateDataSource(os.path.join(folder, name + ".gpkg"))
    layer = out.CreateLayer(name, srs, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("class", ogr.OFTInteger))
    gdal.SieveFilter(classes.GetRasterBand(1), None, classes.GetRasterBand(1), 40, 8)
    gdal.Polygonize(classes.GetRasterBand(1), None, layer, 0)


def classify(name, recipe, folder):
    # the names lie in a file beside
    gdal.SetConfigOption("GDAL_PAM_ENABLED", "YES")
    raster = gdal.Open(recipe["classify"])
    limits, names, colors = zip(*recipe["classes"])
    classes = numpy.minimum(numpy.digitize(raster.ReadAsArray().astype(float), limits), len(limits) - 1).astype(numpy.uint8) + 1
    out = gdal.GetDriverByName("GTiff").Create(os.path.join(folder, name + ".tif"), raster.RasterXSize, raster.RasterYSize, 1, gdal.GDT_Byte, ["COMPRESS=DEFLATE", "TILED=YES"])
    out.SetProjection(raster.GetProjection())
    out.SetGeoTransform(raster.GetGeoTransform())
    table = gdal.ColorTable()
    for i, color in enumerate(("#000000", *colors)):
        table.SetColorEntry(i, tuple(int(color[k : k + 2], 16) for k in (1, 3, 5)) + (255,))
    band = out.GetRasterBand(1)
    band.SetColorTable(table)
    band.SetCategoryNames(["", *names])
    band.WriteArray(classes)
    out = None
    gdal.SetConfigOption("GDAL_PAM_ENABLED", None)


question = json.load(sys.stdin)
failed = {}
for name, recipe in question["recipes"].items():
    try:
        (polygonize if "polygonize" in recipe else classify if "classify" in recipe else translate)(name, recipe, question["folder"])
    except Exception as error:
        failed[name] = str(error).strip().splitlines()[-1]
print(json.dumps(failed))
