"""Answers a list of questions (JSON on standard input) by QGIS and GEOS, with a list of answers (JSON).

["marker", name, size]          the simple marker, drawn in the middle of a picture of 64 pixels: its alpha, row by row
["offset", wkt, distance, join] the parallel of a line, as WKT; join 1 round, 2 mitre, 3 bevel
"""
import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsGeometry, QgsMarkerSymbol, QgsRenderContext
from qgis.PyQt.QtCore import QPointF
from qgis.PyQt.QtGui import QImage, QPainter

SIDE = 64
LINES = ("cross", "cross2", "line", "arrowhead", "half_arc", "third_arc", "quarter_arc")


def marker(name, size):
    symbol = QgsMarkerSymbol.createSimple(
        {
            "name": name,
            "color": "0,0,0,255",
            "outline_color": "0,0,0,255",
            "size": str(size),
            "size_unit": "Pixel",
            "outline_style": "solid" if name in LINES else "no",
            "outline_width": "2",
            "outline_width_unit": "Pixel",
            "joinstyle": "miter",
            "cap_style": "flat",
        }
    )
    image = QImage(SIDE, SIDE, QImage.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.Antialiasing)
    context = QgsRenderContext.fromQPainter(painter)
    context.setFlag(QgsRenderContext.ForceVectorOutput, True)
    symbol.startRender(context)
    symbol.renderPoint(QPointF(SIDE / 2, SIDE / 2), None, context)
    symbol.stopRender(context)
    painter.end()
    return [image.pixelColor(x, y).alpha() for y in range(SIDE) for x in range(SIDE)]


def offset(wkt, distance, join):
    joins = {1: QgsGeometry.JoinStyleRound, 2: QgsGeometry.JoinStyleMiter, 3: QgsGeometry.JoinStyleBevel}
    return QgsGeometry.fromWkt(wkt).offsetCurve(distance, 16, joins[join], 2.0).asWkt(4)


application = QgsApplication([], False)
application.initQgis()
answers = {"marker": marker, "offset": offset}
print(json.dumps([answers[question[0]](*question[1:]) for question in json.load(sys.stdin)]))
