"""Styles as QGIS writes them, and what it says of them once it has read them back.

A style is {"geometry": "Point" | "LineString" | "Polygon", "layers": [[class, properties, computed, within?], …], "alpha": number,
"renderer": {…}, "labels": {…}, "rows": [{name: value, …}, …], "scales": [denominator, …], "opacity", "blend"}; all but geometry may be left out.
"""
import base64

from osgeo import gdal
from qgis.core import (
    NULL,
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsClassificationRange,
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsFillSymbol,
    QgsGeometry,
    QgsGraduatedSymbolRenderer,
    QgsHeatmapRenderer,
    QgsHillshadeRenderer,
    QgsHueSaturationFilter,
    QgsInvertedPolygonRenderer,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsMergedFeatureRenderer,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsMultiBandColorRenderer,
    QgsNullSymbolRenderer,
    QgsPalettedRasterRenderer,
    QgsPalLayerSettings,
    QgsPointClusterRenderer,
    QgsPointDisplacementRenderer,
    QgsPointXY,
    QgsProperty,
    QgsRectangle,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRendererCategory,
    QgsRendererRange,
    QgsRenderContext,
    QgsRuleBasedLabeling,
    QgsRuleBasedRenderer,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
    QgsSingleSymbolRenderer,
    QgsSymbolLayer,
    QgsSymbolLayerUtils,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QSize, QVariant
from qgis.PyQt.QtGui import QColor, QImage, QPainter
from qgis.PyQt.QtXml import QDomDocument

SYMBOLS = {"Point": QgsMarkerSymbol, "LineString": QgsLineSymbol, "Polygon": QgsFillSymbol}
TYPES = {bool: QVariant.Bool, int: QVariant.Int, float: QVariant.Double, str: QVariant.String}


def layer_of(name, properties, computed=None, within=None):
    layer = QgsApplication.symbolLayerRegistry().symbolLayerMetadata(name).createSymbolLayer(properties)
    if within:
        layer.setSubSymbol(symbol_of(within["geometry"], within["layers"]))
    keys = {definition.name(): key for key, definition in QgsSymbolLayer.propertyDefinitions().items()}
    for key, expression in (computed or {}).items():
        layer.setDataDefinedProperty(keys[key], QgsProperty.fromExpression(expression))
    return layer


def symbol_of(geometry, layers, alpha=1):
    symbol = SYMBOLS[geometry]()
    symbol.deleteSymbolLayer(0)
    for one in layers:
        symbol.appendSymbolLayer(layer_of(*one))
    symbol.setOpacity(alpha)
    return symbol


def colored(geometry, color):
    """Marks of #110000 in the first column of 8 pixels, of #220000 in the second, …"""
    if geometry != "Point":
        symbol = SYMBOLS[geometry]()
        symbol.setColor(QColor(color))
        return symbol
    column = int(color[1], 16) - 1
    return QgsMarkerSymbol.createSimple({
        "name": "square", "size": "6", "size_unit": "Pixel", "color": color, "outline_style": "no", "offset": f"{8 * column},0", "offset_unit": "Pixel"
    })


def rule_of(geometry, given):
    rule = QgsRuleBasedRenderer.Rule(colored(geometry, given["color"]) if "color" in given else None)
    rule.setFilterExpression(given.get("filter", ""))
    rule.setLabel(given.get("label", ""))
    rule.setMaximumScale(given.get("least", 0))
    rule.setMinimumScale(given.get("most", 0))
    rule.setActive(given.get("active", True))
    for child in given.get("rules", []):
        rule.appendChild(rule_of(geometry, child))
    return rule


def renderer_of(style):
    geometry, given = style["geometry"], style.get("renderer", {"kind": "single"})
    kind = given["kind"]
    symbol = symbol_of(geometry, style["layers"], style.get("alpha", 1)) if "layers" in style else SYMBOLS[geometry]()
    if kind == "categorized":
        categories = [QgsRendererCategory(v, colored(geometry, c), str(v), on) for v, c, on in given["categories"]]
        return QgsCategorizedSymbolRenderer(given["attribute"], categories)
    if kind == "graduated":
        ranges = [QgsRendererRange(QgsClassificationRange(f"{a}-{b}", a, b), colored(geometry, c)) for a, b, c in given["ranges"]]
        return QgsGraduatedSymbolRenderer(given["attribute"], ranges)
    if kind == "rules":
        root = QgsRuleBasedRenderer.Rule(None)
        for child in given["rules"]:
            root.appendChild(rule_of(geometry, child))
        return QgsRuleBasedRenderer(root)
    if kind == "heatmap":
        renderer = QgsHeatmapRenderer()
        renderer.setRadius(given["radius"])
        renderer.setRadiusUnit(QgsUnitTypes.RenderMillimeters)
        renderer.setWeightExpression(given["weight"])
        return renderer
    inside = QgsSingleSymbolRenderer(symbol)
    if kind == "cluster":
        renderer = QgsPointClusterRenderer()
        renderer.setTolerance(given["tolerance"])
        if "color" in given:
            renderer.setClusterSymbol(colored("Point", given["color"]))
    elif kind == "displacement":
        renderer = QgsPointDisplacementRenderer()
    elif kind == "inverted":
        return QgsInvertedPolygonRenderer(inside)
    elif kind == "merged":
        return QgsMergedFeatureRenderer(inside)
    elif kind == "null":
        return QgsNullSymbolRenderer()
    else:
        inside.setUsingSymbolLevels(given.get("levels", False))
        for i, level in enumerate(given.get("order", [])):
            inside.symbol().symbolLayer(i).setRenderingPass(level)
        return inside
    renderer.setEmbeddedRenderer(inside)
    return renderer


def label_settings(given):
    settings = QgsPalLayerSettings()
    settings.fieldName = given["text"]
    settings.isExpression = given.get("isExpression", False)
    text = QgsTextFormat()
    text.setSize(given.get("size", 10))
    text.setSizeUnit(getattr(QgsUnitTypes, given.get("unit", "RenderPoints")))
    text.setColor(QColor(given.get("color", "#000000")))
    text.setOpacity(given.get("opacity", 1))
    if "buffer" in given:
        buffer = QgsTextBufferSettings()
        buffer.setEnabled(True)
        buffer.setSize(given["buffer"])
        buffer.setColor(QColor("#ffee00"))
        text.setBuffer(buffer)
    settings.setFormat(text)
    settings.placement = given.get("placement", 1)
    settings.quadOffset = given.get("quadrant", 4)
    settings.xOffset, settings.yOffset = given.get("offset", [0, 0])
    settings.priority = given.get("priority", 5)
    if "scales" in given:
        settings.scaleVisibility = True
        settings.maximumScale, settings.minimumScale = given["scales"]
    properties = settings.dataDefinedProperties()
    for key, expression in given.get("computed", {}).items():
        keys = {definition.name(): number for number, definition in QgsPalLayerSettings.propertyDefinitions().items()}
        properties.setProperty(keys[key], QgsProperty.fromExpression(expression))
    settings.setDataDefinedProperties(properties)
    return settings


def labeling_of(given):
    if "rules" not in given:
        return QgsVectorLayerSimpleLabeling(label_settings(given))
    root = QgsRuleBasedLabeling.Rule(None)
    for rule in given["rules"]:
        root.appendChild(QgsRuleBasedLabeling.Rule(label_settings(rule), rule.get("least", 0), rule.get("most", 0), rule.get("filter", "")))
    return QgsRuleBasedLabeling(root)


def context_of(scale):
    image = QImage(10, 10, QImage.Format_ARGB32)
    image.setDotsPerMeterX(round(1000 / 0.28))
    image.setDotsPerMeterY(round(1000 / 0.28))
    painter = QPainter(image)
    context = QgsRenderContext.fromQPainter(painter)
    context.setScaleFactor(1 / 0.28)
    context.setRendererScale(scale)
    return context, painter, image


def says_of_layer(layer, context):
    """Colours as [r, g, b, a], sizes in pixels of 0.28 mm."""
    pixels = context.convertToPainterUnits
    facts = {"class": layer.layerType(), "color": list(layer.color().getRgb())}
    for name, unit in (("strokeWidth", "strokeWidthUnit"), ("width", "widthUnit"), ("size", "sizeUnit"), ("distance", "distanceUnit"), ("interval", "intervalUnit"),
                       ("hashLength", "hashLengthUnit"), ("distanceX", "distanceXUnit"), ("distanceY", "distanceYUnit")):
        if hasattr(layer, name) and hasattr(layer, unit):
            facts[name] = pixels(getattr(layer, name)(), getattr(layer, unit)())
    if hasattr(layer, "offset") and hasattr(layer, "offsetUnit"):
        offset = layer.offset()
        facts["offset"] = pixels(offset, layer.offsetUnit()) if isinstance(offset, float) else [pixels(v, layer.offsetUnit()) for v in (offset.x(), offset.y())]
    for name in ("strokeColor", "fillColor"):
        if hasattr(layer, name) and getattr(layer, name)().isValid():
            facts[name] = list(getattr(layer, name)().getRgb())
    for name in ("angle", "lineAngle", "hashAngle", "fontFamily", "character", "path"):
        if hasattr(layer, name):
            facts[name] = getattr(layer, name)()
    if hasattr(layer, "customDashVector") and layer.useCustomDashPattern():
        facts["dashes"] = [pixels(v, layer.customDashPatternUnit()) for v in layer.customDashVector()]
    if layer.layerType() == "SimpleMarker":
        facts["shape"] = layer.properties()["name"]
    if layer.subSymbol():
        facts["within"] = says_of_symbol(layer.subSymbol(), context)
    return facts


def says_of_symbol(symbol, context):
    return {"opacity": symbol.opacity(), "layers": [says_of_layer(layer, context) for layer in symbol.symbolLayers()]}


def fields_of(rows):
    fields = QgsFields()
    for name in rows[0] if rows else []:
        fields.append(QgsField(name, TYPES[type(next(row[name] for row in rows if row[name] is not None))]))
    return fields


def colors_drawn(document, style, scale):
    """For each row the colours that a picture shows: the rows below each other, the marks of each colour beside each other (`colored`)."""
    fields = fields_of(style["rows"])
    layer = QgsVectorLayer("Point?crs=EPSG:3857", "rows", "memory")
    layer.dataProvider().addAttributes(list(fields))
    layer.updateFields()
    layer.importNamedStyle(document)
    pixel = 0.00028 * scale
    width, height = 8 * 16, 8 * len(style["rows"])
    features = []
    for i, row in enumerate(style["rows"]):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([NULL if value is None else value for value in row.values()])
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(4 * pixel, (height - 8 * i - 4) * pixel)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setOutputDpi(25.4 / 0.28)
    settings.setOutputSize(QSize(width, height))
    settings.setExtent(QgsRectangle(0, 0, width * pixel, height * pixel))
    settings.setBackgroundColor(QColor(0, 0, 255))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    rows = range(len(style["rows"]))
    names = [[image.pixelColor(8 * column + 4, 8 * i + 4).name() for column in range(16)] for i in rows]
    return [[name for name in row if name != "#0000ff"] for row in names]


def says_of_labels(layer):
    context, painter, image = context_of(1000)
    facts = []
    labeling = layer.labeling()
    for provider in labeling.subProviders():
        settings = labeling.settings(provider)
        text = settings.format()
        facts.append({
            "text": settings.fieldName,
            "isExpression": settings.isExpression,
            "size": context.convertToPainterUnits(text.size(), text.sizeUnit()),
            "color": list(text.color().getRgb()),
            "opacity": text.opacity(),
            "buffer": context.convertToPainterUnits(text.buffer().size(), text.buffer().sizeUnit()) if text.buffer().enabled() else None,
            "priority": settings.priority,
            "scales": [settings.maximumScale, settings.minimumScale] if settings.scaleVisibility else None,
        })
    painter.end()
    return facts


def raster_style_of(style):
    """{"raster": kind, "type", "items": [[value, color, alpha], …], "probes": [value, …]}: the QML, and the colour of each probe."""
    path = "/vsimem/raster.tif"
    gdal.GetDriverByName("GTiff").Create(path, 4, 4, 3, gdal.GDT_Float32).FlushCache()
    layer = QgsRasterLayer(path, "raster")
    provider, kind, items = layer.dataProvider(), style["raster"], style.get("items", [])
    if kind == "pseudocolor":
        shader = QgsColorRampShader(items[0][0], items[-1][0], None, getattr(QgsColorRampShader, style["type"]))
        shader.setColorRampItemList([QgsColorRampShader.ColorRampItem(float(v), rgba(c, a), str(v)) for v, c, a in items])
        function = QgsRasterShader()
        function.setRasterShaderFunction(shader)
        layer.setRenderer(QgsSingleBandPseudoColorRenderer(provider, 2, function))
    elif kind == "paletted":
        layer.setRenderer(QgsPalettedRasterRenderer(provider, 2, [QgsPalettedRasterRenderer.Class(v, rgba(c, a), str(v)) for v, c, a in items]))
    elif kind == "multiband":
        renderer = QgsMultiBandColorRenderer(provider, 3, 1, 2)
        for name in ("Red", "Green", "Blue"):
            getattr(renderer, f"set{name}ContrastEnhancement")(stretch(provider, *style[name.lower()]))
        layer.setRenderer(renderer)
    elif kind == "gray":
        renderer = QgsSingleBandGrayRenderer(provider, 3)
        renderer.setContrastEnhancement(stretch(provider, *style["range"]))
        layer.setRenderer(renderer)
    elif kind == "hillshade":
        layer.setRenderer(QgsHillshadeRenderer(provider, 1, style["azimuth"], style["altitude"]))
    layer.renderer().setOpacity(style.get("opacity", 1))
    document = QDomDocument()
    layer.exportNamedStyle(document)
    colors = []
    if kind == "pseudocolor":
        for probe in style["probes"]:
            shown, *channels = layer.renderer().shader().shade(probe)
            colors.append(channels if shown else None)
    return {"qml": document.toString(1), "colors": colors}


def tones_of(style):
    """{"tones": {"brightness", "contrast", "saturation", "gray": 0 to 3}, "pixels": [[r, g, b], …]}: the QML, and each pixel as it is shown."""
    pixels, tones = style["pixels"], style["tones"]
    path = "/vsimem/tones.tif"
    raster = gdal.GetDriverByName("GTiff").Create(path, len(pixels), 1, 3, gdal.GDT_Byte)
    raster.SetGeoTransform([0, 1, 0, 1, 0, -1])
    for band in range(3):
        raster.GetRasterBand(band + 1).WriteRaster(0, 0, len(pixels), 1, bytes(pixel[band] for pixel in pixels))
    raster = None
    layer = QgsRasterLayer(path, "tones")
    layer.brightnessFilter().setBrightness(tones.get("brightness", 0))
    layer.brightnessFilter().setContrast(tones.get("contrast", 0))
    layer.hueSaturationFilter().setSaturation(tones.get("saturation", 0))
    layer.hueSaturationFilter().setGrayscaleMode(QgsHueSaturationFilter.GrayscaleMode(tones.get("gray", 0)))
    document = QDomDocument()
    layer.exportNamedStyle(document)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(len(pixels), 1))
    settings.setExtent(QgsRectangle(0, 0, len(pixels), 1))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return {"qml": document.toString(1), "colors": [list(image.pixelColor(i, 0).getRgb())[:3] for i in range(len(pixels))]}


def rgba(color, alpha):
    made = QColor(color)
    made.setAlpha(alpha)
    return made


def stretch(provider, least, most):
    enhancement = QgsContrastEnhancement(provider.dataType(1))
    enhancement.setMinimumValue(least)
    enhancement.setMaximumValue(most)
    enhancement.setContrastEnhancementAlgorithm(QgsContrastEnhancement.StretchToMinimumMaximum)
    return enhancement


def picture_of(document, style):
    """The geometry ("wkt", 100 x 100 units) on white, a pixel a unit: RGBA in base64."""
    layer = QgsVectorLayer(style["geometry"] + "?crs=EPSG:3857", "picture", "memory")
    layer.importNamedStyle(document)
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt(style["wkt"]))
    layer.dataProvider().addFeature(feature)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setOutputDpi(25.4 / 0.28)
    settings.setOutputSize(QSize(100, 100))
    settings.setExtent(QgsRectangle(0, 0, 100, 100))
    settings.setBackgroundColor(QColor(255, 255, 255))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage().convertToFormat(QImage.Format_RGBA8888)
    pointer = image.constBits()
    pointer.setsize(image.byteCount())
    return base64.b64encode(bytes(pointer)).decode()


def style_of(style):
    if "tones" in style:
        return tones_of(style)
    if "raster" in style:
        return raster_style_of(style)
    uri = style["geometry"] + "?crs=EPSG:3857"
    layer = QgsVectorLayer(uri, "layer", "memory")
    layer.setRenderer(renderer_of(style))
    if "labels" in style:
        layer.setLabeling(labeling_of(style["labels"]))
        layer.setLabelsEnabled(True)
    layer.setOpacity(style.get("opacity", 1))
    if "blend" in style:
        layer.setBlendMode(getattr(QPainter, style["blend"]))
    if "visible" in style:
        layer.setScaleBasedVisibility(True)
        layer.setMaximumScale(style["visible"][0])
        layer.setMinimumScale(style["visible"][1])
    document = QDomDocument()
    layer.exportNamedStyle(document)
    text = document.toString(1)
    again = QgsVectorLayer(uri, "again", "memory")
    copy = QDomDocument()
    copy.setContent(text)
    again.importNamedStyle(copy)
    context, painter, image = context_of(1000)
    renderer = again.renderer()
    symbols = renderer.symbols(context) if style.get("renderer", {"kind": "single"})["kind"] == "single" else []
    answer = {
        "qml": text,
        "symbols": [says_of_symbol(symbol, context) for symbol in symbols],
        "drawn": [colors_drawn(copy, style, scale) for scale in style.get("scales", [1000])] if "rows" in style else [],
        "labels": says_of_labels(again) if "labels" in style else [],
        "opacity": again.opacity(),
        "picture": picture_of(copy, style) if "wkt" in style else None,
    }
    painter.end()
    return answer
