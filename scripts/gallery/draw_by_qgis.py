"""Draws scenes by QGIS: JSON on standard input, {"fonts": [files], "families": {asked: drawn}, "scenes": [{"id", "width", "height", "crs", "bbox", "background", "output",
"layers": [{"path", "table", "layer"?, "files"?, "isRaster", "style"?, "raster"?, "blend"?, "opacity"?}]}]}. Layers from the bottom up. Prints {"version", "failed": {id: reason}}.

Pixels are of 0.28 mm, as everywhere in WMS, so that millimetres and scales mean the same on both sides.
"""
import glob
import json
import os
import re
import sys
import tempfile
from xml.etree import ElementTree

os.environ["QT_QPA_PLATFORM"] = "offscreen"
profile = tempfile.TemporaryDirectory()
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = profile.name
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsBilinearRasterResampler,
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsCoordinateReferenceSystem,
    QgsHillshadeRenderer,
    QgsLabelingEngineSettings,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMultiBandColorRenderer,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRectangle,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QFont, QFontDatabase, QPainter

BLENDS = {"multiply": QPainter.CompositionMode_Multiply, "screen": QPainter.CompositionMode_Screen, "overlay": QPainter.CompositionMode_Overlay}
KINDS = {"ramp": QgsColorRampShader.Interpolated, "intervals": QgsColorRampShader.Discrete, "values": QgsColorRampShader.Exact}


def color_of(text):
    color = QColor(text[:7])
    if len(text) == 9:
        color.setAlpha(int(text[7:], 16))
    return color


def dress_raster(layer, look):
    provider = layer.dataProvider()
    kind = next((kind for kind in KINDS if kind in look), None)
    shade = re.match(r"hillshade\(b1, *([\d.]+), *([\d.]+), *([\d.]+)\)", look.get("value", ""))
    if shade:
        azimuth, altitude, factor = (float(number) for number in shade.groups())
        renderer = QgsHillshadeRenderer(provider, 1, azimuth, altitude)
        renderer.setZFactor(factor)
    elif kind:
        shader = QgsColorRampShader()
        shader.setColorRampType(KINDS[kind])
        items = [QgsColorRampShader.ColorRampItem(entry[0], color_of(entry[1])) for entry in look[kind]]
        if kind == "intervals":
            items.append(QgsColorRampShader.ColorRampItem(float("inf"), QColor(0, 0, 0, 0)))
        shader.setColorRampItemList(items)
        function = QgsRasterShader()
        function.setRasterShaderFunction(shader)
        renderer = QgsSingleBandPseudoColorRenderer(provider, 1, function)
    else:
        bands = look["bands"]
        renderer = QgsMultiBandColorRenderer(provider, *bands)
        for band, (least, greatest), name in zip(bands, look.get("ranges", [[0, 255]] * 3), ("Red", "Green", "Blue")):
            stretch = QgsContrastEnhancement(provider.dataType(band))
            stretch.setMinimumValue(least)
            stretch.setMaximumValue(greatest)
            stretch.setContrastEnhancementAlgorithm(QgsContrastEnhancement.StretchToMinimumMaximum)
            getattr(renderer, f"set{name}ContrastEnhancement")(stretch)
    renderer.setOpacity(look.get("opacity", 1))
    layer.setRenderer(renderer)


def load_style(layer, path):
    if not path.lower().endswith(".sld"):
        message, is_done = layer.loadNamedStyle(path)
    else:
        path = with_icons_found(path)
        message, is_done = layer.loadSldStyle(path)
        if not is_done:
            message, is_done = layer.loadSldStyle(with_nothing_drawn(path))
        if is_done:
            set_else_rules(layer, path)
    if not is_done:
        raise ValueError(f"{os.path.basename(path)} is not read by QGIS")


def set_else_rules(layer, path):
    """QGIS 3.22 overlooks ElseFilter and draws such a rule for all: it gets the filter that no other rule of its FeatureTypeStyle is true."""
    if layer.renderer().type() != "RuleRenderer":
        return
    rules = layer.renderer().rootRule().children()
    of_file = [
        (number, any(local(child) == "ElseFilter" for child in rule))
        for number, style in enumerate(one for one in ElementTree.parse(path).iter() if local(one) == "FeatureTypeStyle")
        for rule in style
        if local(rule) == "Rule" and any(local(child).endswith("Symbolizer") and local(child) != "TextSymbolizer" for child in rule)
    ]
    if len(of_file) != len(rules):
        return
    for rule, (number, is_else) in zip(rules, of_file):
        if is_else:
            others = {one.filterExpression() for one, (n, _) in zip(rules, of_file) if n == number and one is not rule and one.filterExpression()}
            rule.setFilterExpression(" AND ".join(f"NOT coalesce({text}, false)" for text in sorted(others)))


def local(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def with_icons_found(path):
    """QGIS looks for icons in folders of its own: a copy that names them whole."""
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    if 'href="icons/' not in text:
        return path
    return copy_of(text.replace('href="icons/', f'href="{os.path.dirname(os.path.abspath(path))}/icons/'))


def copy_of(text):
    with tempfile.NamedTemporaryFile("w", suffix=".sld", delete=False, dir=profile.name) as copy:
        copy.write(text)
    return copy.name


def with_nothing_drawn(path):
    """QGIS refuses styles that hold labels only: a copy with a mark that does not show in the first rule."""
    with open(path) as file:
        text = file.read()
    mark = '<PointSymbolizer xmlns="http://www.opengis.net/se"><Graphic><Mark><WellKnownName>circle</WellKnownName><Fill><SvgParameter name="fill-opacity">0</SvgParameter></Fill></Mark><Size>1</Size></Graphic></PointSymbolizer>'
    return copy_of(re.sub(r"<((\w+:)?)TextSymbolizer\b", lambda found: mark + found.group(0), text))


def mosaic_of(given):
    mosaic = os.path.join(profile.name, os.path.basename(given["path"]) + ".vrt")
    gdal.BuildVRT(mosaic, sorted(glob.glob(os.path.join(given["path"], given["files"])))).FlushCache()
    return mosaic


def layer_of(given):
    if given["isRaster"]:
        layer = QgsRasterLayer(mosaic_of(given) if "files" in given else given["path"], "raster")
        layer.resampleFilter().setZoomedInResampler(QgsBilinearRasterResampler())
        layer.resampleFilter().setZoomedOutResampler(QgsBilinearRasterResampler())
    else:
        path = "/vsizip/" + given["path"] if given["path"].endswith(".zip") else given["path"]
        layer = QgsVectorLayer(path + (f"|layername={given['layer']}" if "layer" in given else ""), given["table"], "ogr")
    if not layer.isValid():
        raise ValueError(f"{given['path']} cannot be read")
    if "raster" in given:
        dress_raster(layer, given["raster"])
    elif "style" in given:
        load_style(layer, given["style"])
    if "blend" in given:
        layer.setBlendMode(BLENDS[given["blend"]])
    return layer


def draw(scene):
    layers = [layer_of(given) for given in scene["layers"]]
    settings = QgsMapSettings()
    settings.setLayers(layers[::-1])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(scene["crs"]))
    settings.setOutputDpi(25.4 / 0.28)
    settings.setOutputSize(QSize(scene["width"], scene["height"]))
    settings.setExtent(QgsRectangle(*scene["bbox"]))
    settings.setBackgroundColor(QColor(scene["background"]))
    settings.setFlag(QgsMapSettings.Antialiasing, True)
    labels = QgsLabelingEngineSettings()
    labels.setFlag(QgsLabelingEngineSettings.UsePartialCandidates, False)
    settings.setLabelingEngineSettings(labels)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(scene["output"])


application = QgsApplication([], False)
application.initQgis()
question = json.load(sys.stdin)
for font in question["fonts"]:
    QFontDatabase.addApplicationFont(font)
for asked, drawn in question["families"].items():
    QFont.insertSubstitution(asked, drawn)
failed = {}
for scene in question["scenes"]:
    try:
        draw(scene)
    except Exception as error:
        failed[scene["id"]] = str(error)
print(json.dumps({"version": Qgis.QGIS_VERSION.split("-")[0], "failed": failed}))
sys.stdout.flush()
# Its own end crashes now and then.
os._exit(0)
