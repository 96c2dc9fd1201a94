"""Loads every layer of a WMS in QGIS as a user does, in several CRS, draws each on a common frame, and prints JSON lines with the drawn share.

usage: qgis_same_places.py ADDRESS CRS...
"""
import json
import sys
import urllib.request
import xml.etree.ElementTree as ET

from qgis_drawing import drawn
import numpy
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)

SIZE = 256
WMS = "{http://www.opengis.net/wms}"


def opaque_share(layer, frame):
    return drawn(layer, "EPSG:3857", frame, SIZE)[3].astype(float) / 255


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
    application = QgsApplication([], False)
    application.initQgis()
    to_mercator = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), QgsCoordinateReferenceSystem("EPSG:3857"), QgsProject.instance())
    text = urllib.request.urlopen(f"{address}/wms?service=WMS&version=1.3.0&request=GetCapabilities", timeout=60).read()
    for element in ET.fromstring(text).iter(f"{WMS}Layer"):
        name, geographic = element.find(f"{WMS}Name"), element.find(f"{WMS}EX_GeographicBoundingBox")
        if name is None or geographic is None or element.find(f"{WMS}Layer") is not None:
            continue
        west, south, east, north = [float(geographic.find(f"{WMS}{side}").text) for side in ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")]
        if east - west > 20:
            continue  # a national projection does not reach that far
        frame = to_mercator.transformBoundingBox(QgsRectangle(west, south, east, north))
        frame.grow(max(frame.width(), frame.height(), 50) * 0.05)
        result = {"layer": name.text, "valid": []}
        masks = []
        for code in codes:
            layer = QgsRasterLayer(f"crs={code}&dpiMode=7&format=image/png&layers={name.text}&styles=&url={address}/wms", name.text, "wms")
            if layer.isValid():
                result["valid"].append(code)
                masks.append(opaque_share(layer, frame))
            else:
                masks.append(numpy.zeros((SIZE, SIZE)))
        result["share"] = float((masks[0] > 0.25).mean())
        for code, other in zip(codes[1:], masks[1:]):
            result[code] = agreement(masks[0], other)
        print(json.dumps(result), flush=True)
    application.exitQgis()


main(sys.argv[1], sys.argv[2:])
