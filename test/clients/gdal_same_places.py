"""Reads every layer of a WMS through GDAL's WMS driver in several CRS, and prints, as JSON lines, what share of a common frame each shows.

usage: gdal_same_places.py ADDRESS CRS...
"""
import json
import sys
import urllib.request
import xml.etree.ElementTree as ET

import numpy
from osgeo import gdal, osr

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_HTTP_TIMEOUT", "60")
SIZE = 256
WMS = "{http://www.opengis.net/wms}"


def spatial_reference(code):
    reference = osr.SpatialReference()
    reference.SetFromUserInput(code)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def box_in(box, code):
    transformation = osr.CoordinateTransformation(spatial_reference("EPSG:4326"), spatial_reference(code))
    return transformation.TransformBounds(*box, 21)


def mask(address, layer, code, box, frame):
    """Opaque share of each pixel of `frame` (EPSG:3857), as read in `code`."""
    west, south, east, north = box_in(box, code)
    description = f"""<GDAL_WMS><Service name="WMS"><Version>1.1.1</Version><ServerUrl>{address}/wms?</ServerUrl>
      <Layers>{layer}</Layers><SRS>{code}</SRS><ImageFormat>image/png</ImageFormat><Transparent>TRUE</Transparent></Service>
      <DataWindow><UpperLeftX>{west}</UpperLeftX><UpperLeftY>{north}</UpperLeftY><LowerRightX>{east}</LowerRightX><LowerRightY>{south}</LowerRightY>
      <SizeX>{SIZE * 2}</SizeX><SizeY>{SIZE * 2}</SizeY></DataWindow><Projection>{code}</Projection><BandsCount>4</BandsCount>
      <BlockSizeX>{SIZE}</BlockSizeX><BlockSizeY>{SIZE}</BlockSizeY><MaxConnections>2</MaxConnections></GDAL_WMS>"""
    source = gdal.Open(description)
    warped = gdal.Warp("", source, format="MEM", dstSRS="EPSG:3857", outputBounds=frame, width=SIZE, height=SIZE, resampleAlg="bilinear")
    return warped.GetRasterBand(4).ReadAsArray().astype(float) / 255


def grown(drawn):
    """Symbols keep their size on the picture, not on the ground: what is drawn reaches four pixels further."""
    result = numpy.zeros_like(drawn)
    for dy in range(-4, 5):
        for dx in range(-4, 5):
            result |= numpy.roll(numpy.roll(drawn, dy, 0), dx, 1)
    return result


def agreement(one, other):
    """The least share of what either shows that the other shows, too."""
    a, b = one > 0.25, other > 0.25
    return float(min((a & grown(b)).sum() / max(1, a.sum()), (b & grown(a)).sum() / max(1, b.sum())))


def main(address, codes):
    text = urllib.request.urlopen(f"{address}/wms?service=WMS&version=1.3.0&request=GetCapabilities", timeout=60).read()
    for layer in ET.fromstring(text).iter(f"{WMS}Layer"):
        name, geographic = layer.find(f"{WMS}Name"), layer.find(f"{WMS}EX_GeographicBoundingBox")
        if name is None or geographic is None or layer.find(f"{WMS}Layer") is not None:
            continue
        box = [float(geographic.find(f"{WMS}{side}").text) for side in ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")]
        if box[2] - box[0] > 20:
            continue  # a national projection does not reach that far
        margin = max(box[2] - box[0], box[3] - box[1], 0.0005) * 0.05
        box = [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin]
        frame = box_in(box, "EPSG:3857")
        masks = [mask(address, name.text, code, box, frame) for code in codes]
        result = {"layer": name.text}
        result["share"] = float((masks[0] > 0.25).mean())
        for code, other in zip(codes[1:], masks[1:]):
            result[code] = agreement(masks[0], other)
        print(json.dumps(result), flush=True)


main(sys.argv[1], sys.argv[2:])
