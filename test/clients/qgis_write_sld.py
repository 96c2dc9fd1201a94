"""SLD files as QGIS writes them, into the folder that is the argument."""
import sys

import qgis_drawing
from qgis.core import *
from qgis.PyQt.QtGui import QColor

app = QgsApplication([], False)
app.initQgis()
pixels = QgsUnitTypes.RenderPixels


def save(name, kind, symbol):
    layer = QgsVectorLayer(f"{kind}?field=a:string", "layer", "memory")
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    layer.saveSldStyle(f"{sys.argv[1]}/{name}.sld")


def of(symbol, symbol_layer):
    symbol.changeSymbolLayer(0, symbol_layer)
    return symbol


hatch = QgsLinePatternFillSymbolLayer()
hatch.setLineAngle(30)
hatch.setDistance(4)
hatch.setDistanceUnit(pixels)
save("hatch", "Polygon", of(QgsFillSymbol(), hatch))

points = QgsPointPatternFillSymbolLayer()
points.setDistanceX(17)
points.setDistanceY(19)
points.setDistanceXUnit(pixels)
points.setDistanceYUnit(pixels)
save("points", "Polygon", of(QgsFillSymbol(), points))

save("fill", "Polygon", QgsFillSymbol.createSimple({"color": "10,20,30,128", "outline_width": "2", "outline_width_unit": "Pixel"}))
save("line", "LineString", QgsLineSymbol.createSimple({"line_color": "0,0,255", "line_width": "3", "line_width_unit": "Pixel", "offset": "3", "offset_unit": "Pixel", "joinstyle": "round", "capstyle": "round"}))

markers = QgsMarkerLineSymbolLayer()
markers.setInterval(20)
markers.setIntervalUnit(pixels)
save("markers", "LineString", of(QgsLineSymbol(), markers))

save("marker", "Point", QgsMarkerSymbol.createSimple({"name": "star", "size": "8", "angle": "30", "color": "255,0,0", "size_unit": "Pixel"}))
save("font", "Point", of(QgsMarkerSymbol(), QgsFontMarkerSymbolLayer("DejaVu Sans", "é", 12, QColor("red"), 20)))
svg = QgsSvgMarkerSymbolLayer("gpsicons/anchor.svg", 12)
svg.setFillColor(QColor("green"))
svg.setStrokeColor(QColor("blue"))
save("svg", "Point", of(QgsMarkerSymbol(), svg))

layer = QgsVectorLayer("Point?field=a:string&field=n:double", "layer", "memory")
root = QgsRuleBasedRenderer.Rule(None)
root.appendChild(QgsRuleBasedRenderer.Rule(QgsMarkerSymbol(), 1000, 50000, "\"n\" > 5 AND \"a\" IN ('p','q')", "big"))
layer.setRenderer(QgsRuleBasedRenderer(root))
labels = QgsPalLayerSettings()
labels.fieldName = "a"
labels.placement = QgsPalLayerSettings.OverPoint
layer.setLabeling(QgsVectorLayerSimpleLabeling(labels))
layer.setLabelsEnabled(True)
layer.saveSldStyle(f"{sys.argv[1]}/rules.sld")
print("{}")
