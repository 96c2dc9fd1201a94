"""What GDAL's WMS driver makes of a WMS; writes pictures into FOLDER and prints one JSON object.

usage: gdal_wms.py ADDRESS FOLDER
"""
import json
import sys

from osgeo import gdal, osr

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_HTTP_TIMEOUT", "60")
address, folder = sys.argv[1:]
seen = {}

for version in ("1.1.1", "1.3.0"):
    listed = gdal.Open(f"WMS:{address}/wms?SERVICE=WMS&VERSION={version}&REQUEST=GetCapabilities").GetSubDatasets()
    names = dict((title, name) for name, title in listed)
    source = gdal.Open(names["Forêt"])
    reference = osr.SpatialReference(source.GetProjection())
    transform = source.GetGeoTransform()
    west, north = transform[0], transform[3]
    east, south = west + transform[1] * source.RasterXSize, north + transform[5] * source.RasterYSize
    picture = gdal.Translate("", source, format="MEM", width=200, height=110)
    seen[version] = {
        "titles": list(names),
        "crs": f"{reference.GetAuthorityName(None)}:{reference.GetAuthorityCode(None)}",
        "box": [west, south, east, north],
        "bands": source.RasterCount,
        "spread": picture.GetRasterBand(1).ComputeStatistics(False)[3],
    }

# One block that is the whole window is one request of just these pixels.
for name, version, reference, code, box in (
    ("lambert", "1.1.1", "SRS", "EPSG:2154", (885800, 6869500, 886200, 6869900)),
    ("lambert-1.3.0", "1.3.0", "CRS", "EPSG:2154", (885800, 6869500, 886200, 6869900)),
    ("degrees", "1.1.1", "SRS", "EPSG:4326", (5.53472224, 48.89866344, 5.54035085, 48.90214314)),
):
    west, south, east, north = box
    source = gdal.Open(f"""<GDAL_WMS><Service name="WMS"><Version>{version}</Version><ServerUrl>{address}/wms?</ServerUrl>
      <Layers>ws:parcelles,ws:batiments</Layers><{reference}>{code}</{reference}><ImageFormat>image/png</ImageFormat><Transparent>TRUE</Transparent></Service>
      <DataWindow><UpperLeftX>{west}</UpperLeftX><UpperLeftY>{north}</UpperLeftY><LowerRightX>{east}</LowerRightX><LowerRightY>{south}</LowerRightY>
      <SizeX>256</SizeX><SizeY>256</SizeY></DataWindow><Projection>{code}</Projection><BandsCount>4</BandsCount>
      <BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY><OverviewCount>0</OverviewCount></GDAL_WMS>""")
    gdal.Translate(f"{folder}/{name}.png", source, format="PNG")

try:
    gone = gdal.Open(names["Routes"].replace("LAYERS=routes", "LAYERS=nulle_part"))
    gone.GetRasterBand(1).ReadRaster(0, 0, 16, 16)
    seen["refused"] = ""
except RuntimeError as error:
    seen["refused"] = str(error)

head = gdal.VSIStatL(f"/vsicurl/{address}/wms?SERVICE=WMS&REQUEST=GetCapabilities", gdal.VSI_STAT_EXISTS_FLAG | gdal.VSI_STAT_SIZE_FLAG)
seen["head"] = head.size if head else None
print(json.dumps(seen))
