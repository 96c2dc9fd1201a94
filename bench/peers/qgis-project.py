"""Writes a QGIS project over the world of the benchmark: python3 qgis-project.py world.json"""

import json
import os
import sys

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsProject,
    QgsRasterLayer,
    QgsSimpleFillSymbolLayer,
    QgsSimpleLineSymbolLayer,
    QgsSimpleMarkerSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFont

world = json.load(open(sys.argv[1]))
application = QgsApplication([], False)
application.initQgis()
pixels = QgsUnitTypes.RenderPixels


def color(hexadecimal, opacity):
    result = QColor(hexadecimal)
    result.setAlphaF(opacity)
    return result


def line(stroke):
    layer = QgsSimpleLineSymbolLayer(color(stroke["color"], stroke["opacity"]), stroke["width"])
    layer.setWidthUnit(pixels)
    layer.setPenJoinStyle(Qt.RoundJoin)
    layer.setPenCapStyle(Qt.RoundCap)
    return layer


def mark(fill, opacity, radius):
    layer = QgsSimpleMarkerSymbolLayer()
    layer.setSize(2 * radius)
    layer.setSizeUnit(pixels)
    layer.setColor(color(fill, opacity))
    layer.setStrokeStyle(Qt.NoPen)
    return layer


def symbol(kind, layers):
    result = kind.createSimple({})
    result.deleteSymbolLayer(0)
    for layer in layers:
        result.appendSymbolLayer(layer)
    return result


def symbol_of(symbolizer):
    if symbolizer["kind"] == "fill":
        outline = symbolizer["outline"]
        layer = QgsSimpleFillSymbolLayer(color(symbolizer["color"], symbolizer["opacity"]))
        layer.setStrokeColor(color(outline["color"], outline["opacity"]))
        layer.setStrokeWidth(outline["width"])
        layer.setStrokeWidthUnit(pixels)
        layer.setPenJoinStyle(Qt.MiterJoin)
        return symbol(QgsFillSymbol, [layer])
    if symbolizer["kind"] == "line":
        strokes = [symbolizer["casing"]] if "casing" in symbolizer else []
        return symbol(QgsLineSymbol, [line(stroke) for stroke in [*strokes, symbolizer["stroke"]]])
    halo = symbolizer["halo"]
    return symbol(
        QgsMarkerSymbol,
        [
            mark(halo["color"], halo["opacity"], symbolizer["radius"] + halo["width"]),
            mark(symbolizer["color"], symbolizer["opacity"], symbolizer["radius"]),
        ],
    )


def labels(label):
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(True)
    buffer.setSize(label["haloWidth"])
    buffer.setSizeUnit(pixels)
    buffer.setColor(color(label["halo"], 1))
    text = QgsTextFormat()
    text.setFont(QFont(label["family"]))
    text.setSize(label["size"])
    text.setSizeUnit(pixels)
    text.setColor(color(label["color"], 1))
    text.setBuffer(buffer)
    settings = QgsPalLayerSettings()
    settings.fieldName = label["column"]
    settings.setFormat(text)
    settings.placement = QgsPalLayerSettings.OverPoint
    settings.quadOffset = QgsPalLayerSettings.QuadrantRight
    settings.xOffset = label["offset"]
    settings.offsetUnits = pixels
    return QgsVectorLayerSimpleLabeling(settings)


kinds = {"MULTIPOLYGON": "MultiPolygon", "LINESTRING": "LineString", "POINT": "Point", "MULTILINESTRING": "MultiLineString"}


def table(name, published, kind):
    database = world["postgres"]
    uri = QgsDataSourceUri()
    uri.setConnection(database["socket"], str(database["port"]), database["database"], database["user"], "")
    uri.setDataSource("public", published, "geom", "", "id")
    uri.setSrid("2154")
    uri.setWkbType(QgsWkbTypes.parseType(kinds[kind]))
    uri.setUseEstimatedMetadata(True)
    layer = QgsVectorLayer(uri.uri(False), name, "postgres")
    assert layer.isValid(), f"layer {name} is not valid"
    return layer


def raster(name, ortho):
    layer = QgsRasterLayer(ortho["paths"][0] if len(ortho["paths"]) == 1 else ortho["vrt"], name)
    assert layer.isValid(), f"layer {name} is not valid"
    layer.setResamplingStage(Qgis.RasterResamplingStage.Provider)
    provider = layer.dataProvider()
    provider.enableProviderResampling(True)
    provider.setZoomedInResamplingMethod(provider.ResamplingMethod.Bilinear)
    provider.setZoomedOutResamplingMethod(provider.ResamplingMethod.Bilinear)
    return layer


project = QgsProject.instance()
project.setCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
if world["count"]:
    first = table("layer_0", "places", "POINT")
    layers = [first]
    for n in range(world["count"]):
        layer = first if n == 0 else first.clone()
        layer.setName(f"layer_{n}")
        layer.setTitle(f"Couche n° {n}")
        layer.setAbstract("Des lieux, répétés")
        layer.setKeywordList("lieux,adresses")
        project.addMapLayer(layer)
else:
    for description in world["layers"]:
        if description["type"] == "raster":
            project.addMapLayer(raster(description["name"], description["raster"]))
            continue
        layer = table(description["name"], description["table"], description["type"])
        layer.setRenderer(QgsSingleSymbolRenderer(symbol_of(description["rule"]["symbolizers"][0])))
        if "label" in description["rule"]:
            layer.setLabeling(labels(description["rule"]["label"]))
            layer.setLabelsEnabled(True)
        project.addMapLayer(layer)
project.writeEntry("WMSCrsList", "/", ["EPSG:2154", "EPSG:3857", "EPSG:4326"])
project.writeEntry("WMSExtent", "/", [str(value) for value in world["extent"]])
project.writeEntry("WMSImageQuality", "/", 85)
if world["layers"]:
    tables = [layer for layer in project.mapLayers().values() if isinstance(layer, QgsVectorLayer)]
    project.writeEntry("WFSLayers", "/", [layer.id() for layer in tables])
    for layer in tables:
        project.writeEntry("WFSLayersPrecision", f"/{layer.id()}", 9)
project.setTrustLayerMetadata(True)
assert project.write(world["project"]), "the project cannot be written"
