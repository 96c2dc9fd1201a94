"""Draws rasters through WMS and by gdalwarp (bilinear, exact) on the same grid, and prints as JSON lines how far apart they are and how alike.

usage: gdal_in_place.py ADDRESS JSON CRS..., JSON being a list of {layer, files, crs, heights}
"""
import json
import sys
import urllib.request

import numpy
from in_place import grey, report
from osgeo import gdal, osr

gdal.UseExceptions()
SIZE = 400


def wms(address, layer, crs, frame):
    west, south, east, north = frame
    url = f"{address}/wms?service=WMS&version=1.1.1&request=GetMap&layers={layer}&styles=&srs={crs}&bbox={west},{south},{east},{north}&width={SIZE}&height={SIZE}&format=image/png&transparent=true"
    gdal.FileFromMemBuffer("/vsimem/map.png", urllib.request.urlopen(url, timeout=60).read())
    picture = gdal.Open("/vsimem/map.png")
    if picture.GetRasterBand(1).GetColorTable():
        picture = gdal.Translate("", picture, format="MEM", rgbExpand="rgba")
    bands = picture.ReadAsArray()
    return grey(bands), bands[3] == 255 if len(bands) == 4 else True


def frame_of(source, crs):
    """A part of the middle at about the source's own resolution, a fraction of a pixel off its grid."""
    warped = gdal.AutoCreateWarpedVRT(source, None, spatial_reference(crs).ExportToWkt(), gdal.GRA_Bilinear)
    x, pixel, _, y, _, _ = warped.GetGeoTransform()
    size = min(SIZE, 0.7 * warped.RasterXSize, 0.7 * warped.RasterYSize)
    west = x + (warped.RasterXSize - size) / 2 * pixel + 0.37 * pixel
    north = y - (warped.RasterYSize - size) / 2 * pixel - 0.41 * pixel
    return [west, north - size * pixel, west + size * pixel, north]


def spatial_reference(code):
    reference = osr.SpatialReference()
    reference.SetFromUserInput(code)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def main(address, rasters, codes):
    for asked in json.loads(rasters):
        source = gdal.BuildVRT("", asked["files"])
        for crs in [asked["crs"], *(code for code in codes if code != asked["crs"])]:
            frame = frame_of(source, crs)
            options = {"format": "MEM", "dstSRS": crs, "outputBounds": frame, "width": SIZE, "height": SIZE, "resampleAlg": "bilinear", "errorThreshold": 0}
            wanted = gdal.Warp("", source, **options)
            nodata, values = wanted.GetRasterBand(1).GetNoDataValue(), wanted.ReadAsArray().reshape(wanted.RasterCount, SIZE, SIZE)
            valid = numpy.ones((SIZE, SIZE), bool) if nodata is None else values[0] != nodata
            picture, shows = wms(address, asked["layer"], crs, frame)
            print(json.dumps(report(asked["layer"], crs, grey(values), picture, valid & shows, asked["heights"] is not None)), flush=True)


main(sys.argv[1], sys.argv[2], sys.argv[3:])
