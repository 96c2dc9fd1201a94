"""Draws rasters in QGIS, from WMS and from their files, on the same grid, and prints as JSON lines how far apart they are and how alike.

usage: qgis_in_place.py ADDRESS JSON, JSON being a list of {layer, files, crs, heights}
"""
import json
import os
import sys

from qgis_drawing import drawn, profile
from in_place import grey, report
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsContrastEnhancement,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRectangle,
    QgsSingleBandGrayRenderer,
)

gdal.UseExceptions()
SIZE = 400


def greys(layer, least, greatest):
    """A renderer from black to white between two values."""
    provider = layer.dataProvider()
    enhancement = QgsContrastEnhancement(provider.dataType(1))
    enhancement.setContrastEnhancementAlgorithm(QgsContrastEnhancement.StretchToMinimumMaximum)
    enhancement.setMinimumValue(least)
    enhancement.setMaximumValue(greatest)
    renderer = QgsSingleBandGrayRenderer(provider, 1)
    renderer.setContrastEnhancement(enhancement)
    return renderer


def main(address, rasters):
    application = QgsApplication([], False)
    application.initQgis()
    for asked in json.loads(rasters):
        path = os.path.join(profile.name, f"{asked['layer']}.vrt")
        source = gdal.BuildVRT(path, asked["files"])
        x, pixel, _, y, _, _ = source.GetGeoTransform()
        size = min(SIZE, 0.7 * source.RasterXSize, 0.7 * source.RasterYSize)
        west = x + (source.RasterXSize - size) / 2 * pixel + 0.37 * pixel
        north = y - (source.RasterYSize - size) / 2 * pixel - 0.41 * pixel
        source = None
        crs, layer = asked["crs"], asked["layer"]
        frame = QgsRectangle(west, north - size * pixel, west + size * pixel, north)
        local = QgsRasterLayer(path, layer, "gdal")
        served = QgsRasterLayer(f"crs={crs}&dpiMode=7&format=image/png&layers={layer}&styles=&url={address}/wms", layer, "wms")
        if not (local.isValid() and served.isValid()):
            raise SystemExit(f"{layer} does not load")
        if asked["heights"]:
            local.setRenderer(greys(local, *asked["heights"]))
        provider = local.dataProvider()
        provider.enableProviderResampling(True)
        provider.setZoomedInResamplingMethod(QgsRasterDataProvider.ResamplingMethod.Bilinear)
        provider.setZoomedOutResamplingMethod(QgsRasterDataProvider.ResamplingMethod.Bilinear)
        local.setResamplingStage(Qgis.RasterResamplingStage.Provider)
        wanted, picture = drawn(local, crs, frame, SIZE), drawn(served, crs, frame, SIZE)
        known = (wanted[3] == 255) & (picture[3] == 255)
        print(json.dumps(report(layer, crs, grey(wanted), grey(picture), known, asked["heights"] is not None)), flush=True)
        del local, served, provider  # before the application they belong to
    application.exitQgis()


main(sys.argv[1], sys.argv[2])
