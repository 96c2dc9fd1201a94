"""Writes a zoo of GeoTIFFs with GDAL into a folder, and beside each what GDAL reads from it: NAME.raw and index.json.

usage: make-zoo.py FOLDER. A raw file holds, level by level, all bands in their own type (signed bytes as such), then the mask of band 1.
"""
import json, math, os, subprocess, sys
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
gdal.PushErrorHandler('CPLQuietErrorHandler')
folder = sys.argv[1]
W, H = 83, 61
random = np.random.default_rng(20240607)
types = {
    'uint8': gdal.GDT_Byte, 'uint16': gdal.GDT_UInt16, 'int16': gdal.GDT_Int16, 'uint32': gdal.GDT_UInt32, 'int32': gdal.GDT_Int32,
    'float32': gdal.GDT_Float32, 'float64': gdal.GDT_Float64,
}
PLACE = (700000.25, 0.5, 0, 6600000.5, 0, -0.5)
files = []


def crs(code):
    s = osr.SpatialReference()
    s.ImportFromEPSG(code)
    s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return s


def wave(band, width=W, height=H):
    """A smooth hill with some noise: 0 to 1."""
    y, x = np.mgrid[0:height, 0:width]
    smooth = 0.5 + 0.3 * np.sin(x / 9 + band) + 0.15 * np.cos(y / 7 - band)
    return np.clip(smooth + random.normal(0, 0.01, smooth.shape), 0, 1)


def samples(kind, band, top=None, width=W, height=H):
    w = wave(band, width, height)
    if kind.startswith('float'):
        return (w * 4000 - 1000).astype(kind if kind != 'float16' else 'float32')
    info = np.iinfo(kind)
    least, most = info.min, info.max if top is None else top
    return (least + w * (most - least)).astype(kind)


def memory(kind, bands=1, srs=2154, place=PLACE, top=None, width=W, height=H, data=None):
    ds = gdal.GetDriverByName('MEM').Create('', width, height, bands, types['uint8' if kind == 'int8' else 'float32' if kind == 'float16' else kind])
    if srs:
        ds.SetSpatialRef(srs if isinstance(srs, osr.SpatialReference) else crs(srs))
    if place:
        ds.SetGeoTransform(place)
    for b in range(bands):
        array = data(b) if data else samples(kind, b, top, width, height)
        ds.GetRasterBand(b + 1).WriteArray(array.view('uint8') if kind == 'int8' else array)
    return ds


def write(name, ds, *options, driver='GTiff', lossy=0, after=None, config=None, **known):
    path = os.path.join(folder, name + '.tif')
    for key, value in (config or {}).items():
        gdal.SetConfigOption(key, value)
    try:
        out = gdal.GetDriverByName(driver).CreateCopy(path, ds, options=list(options))
        out = None
        if after:
            after(path)
    finally:
        for key in config or {}:
            gdal.SetConfigOption(key, None)
    files.append(dict(name=name, lossy=lossy, **known))
    return path


def overviews(*factors, resampling='average', read_only=False, config=None):
    def after(path):
        for key, value in (config or {}).items():
            gdal.SetConfigOption(key, value)
        ds = gdal.Open(path, gdal.GA_ReadOnly if read_only else gdal.GA_Update)
        ds.BuildOverviews(resampling, list(factors))
        ds = None
        for key in config or {}:
            gdal.SetConfigOption(key, None)
    return after


# --- every type with every compression and predictor, everything else in turn
layouts = [['TILED=YES', 'BLOCKXSIZE=32', 'BLOCKYSIZE=16'], ['BLOCKYSIZE=7'], [], ['TILED=YES', 'BLOCKXSIZE=96', 'BLOCKYSIZE=64'], ['BLOCKYSIZE=61']]
turn = 0
for kind in ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float16', 'float32', 'float64']:
    compressions = [('NONE', 1), ('PACKBITS', 1)]
    predictors = [1, 2] + ([3] if kind.startswith('float') else [])
    for codec in ['LZW', 'DEFLATE', 'ZSTD']:
        compressions += [(codec, p) for p in predictors]
    if kind != 'float16':
        compressions += [('LERC', 1), ('LERC_DEFLATE', 1), ('LERC_ZSTD', 1)]
    for codec, predictor in compressions:
        turn += 1
        bands = [1, 3, 4, 2, 5][turn % 5]
        options = [f'COMPRESS={codec}'] + layouts[turn % len(layouts)]
        if predictor > 1:
            options.append(f'PREDICTOR={predictor}')
        interleave = 'BAND' if turn % 3 == 0 else 'PIXEL'
        options.append(f'INTERLEAVE={interleave}')
        if turn % 4 == 1:
            options.append('ENDIANNESS=BIG')
        if turn % 7 < 2:
            options.append('BIGTIFF=YES')
        if kind == 'int8':
            options.append('PIXELTYPE=SIGNEDBYTE')
        if kind == 'float16':
            options.append('NBITS=16')
        write(f'{kind}-{codec.lower()}-{predictor}', memory(kind, bands), *options)

# --- samples that are not whole bytes
for bits in [1, 2, 3, 4, 5, 7, 9, 10, 12, 14, 15, 17, 20, 31]:
    kind = 'uint8' if bits <= 8 else 'uint16' if bits <= 16 else 'uint32'
    for bands, interleave in [(1, 'PIXEL'), (3, ['PIXEL', 'BAND'][bits % 2])]:
        codec = ['NONE', 'LZW', 'DEFLATE', 'ZSTD'][bits % 4]
        endian = ['ENDIANNESS=BIG'] if bits in (4, 12, 31) else []
        write(f'bits-{bits}-{bands}', memory(kind, bands, top=2 ** bits - 1), f'NBITS={bits}', f'COMPRESS={codec}', f'INTERLEAVE={interleave}', *layouts[bits % 5], *endian, **(dict(bilevel=True) if bits == 1 and bands == 1 else {}))

# --- JPEG and WebP
tiled = ['TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=48']
for name, bands, options in [
    ('gray', 1, []), ('gray-alpha', 2, ['ALPHA=YES']), ('rgb', 3, ['PHOTOMETRIC=RGB']), ('ycbcr', 3, ['PHOTOMETRIC=YCBCR']), ('rgba', 4, ['PHOTOMETRIC=RGB', 'ALPHA=YES']),
    ('five', 5, ['PHOTOMETRIC=MINISBLACK', 'INTERLEAVE=BAND']), ('planar', 3, ['INTERLEAVE=BAND', 'PHOTOMETRIC=RGB']), ('four', 4, ['PHOTOMETRIC=MINISBLACK']),
]:
    for layout, extra in [('tiled', tiled), ('strips', ['BLOCKYSIZE=16'])]:
        for quality in [75, 95]:
            write(f'jpeg-{name}-{layout}-{quality}', memory('uint8', bands), 'COMPRESS=JPEG', f'JPEG_QUALITY={quality}', *options, *extra, lossy=1 if name in ('gray-alpha', 'rgba', 'four') else 0)
write('jpeg-no-tables', memory('uint8', 3), 'COMPRESS=JPEG', 'JPEGTABLESMODE=0', 'PHOTOMETRIC=YCBCR', *tiled)
write('jpeg-huffman-tables', memory('uint8', 3), 'COMPRESS=JPEG', 'JPEGTABLESMODE=2', 'PHOTOMETRIC=YCBCR', *tiled)
write('jpeg-cmyk', memory('uint8', 4), 'COMPRESS=JPEG', 'PHOTOMETRIC=CMYK', *tiled, lossy=2, cmyk=True)
write('cmyk', memory('uint8', 4), 'COMPRESS=DEFLATE', 'PHOTOMETRIC=CMYK', 'PREDICTOR=2', *tiled, cmyk=True)
for bands in [3, 4]:
    write(f'webp-lossless-{bands}', memory('uint8', bands), 'COMPRESS=WEBP', 'WEBP_LOSSLESS=YES', *tiled)
    write(f'webp-lossy-{bands}', memory('uint8', bands), 'COMPRESS=WEBP', 'WEBP_LEVEL=80', *tiled)
    write(f'webp-strips-{bands}', memory('uint8', bands), 'COMPRESS=WEBP', 'WEBP_LOSSLESS=YES', 'BLOCKYSIZE=10')

# --- LERC with errors, masks and alpha
write('lerc-lossy', memory('float32', 2), 'COMPRESS=LERC', 'MAX_Z_ERROR=0.5', *tiled)
holes = lambda b: np.where(wave(b) > 0.6, np.nan, wave(b)).astype('float32')
for codec in ['LERC', 'LERC_ZSTD', 'DEFLATE', 'ZSTD']:
    ds = memory('float32', 1, data=holes)
    ds.GetRasterBand(1).SetNoDataValue(float('nan'))
    write(f'nan-{codec.lower()}', ds, f'COMPRESS={codec}', *tiled)
write('lerc-alpha', memory('uint8', 4, data=lambda b: (wave(b) > 0.5).astype('uint8') * 255 if b == 3 else samples('uint8', b)), 'COMPRESS=LERC', 'ALPHA=YES', *tiled)

# --- nodata
for name, kind, value in [('zero', 'uint8', 0), ('bytes', 'uint8', 100), ('out-of-range', 'uint8', -9999), ('int16', 'int16', -32768), ('float', 'float32', -3.4028234663852886e38), ('double', 'float64', 1e300), ('infinite', 'float32', float('-inf')), ('tiny', 'float32', 0.1)]:
    def data(b, kind=kind, value=value):
        array = samples(kind, b)
        if name != 'out-of-range':
            array[wave(0) > 0.6] = value
        return array
    for bands in [1, 3]:
        ds = memory(kind, bands, data=data)
        for b in range(bands):
            ds.GetRasterBand(b + 1).SetNoDataValue(value)
        write(f'nodata-{name}-{bands}', ds, 'COMPRESS=DEFLATE')

# --- masks and alpha
def with_mask(bands, kind='uint8', width=W, height=H):
    ds = memory(kind, bands, width=width, height=height)
    ds.CreateMaskBand(gdal.GMF_PER_DATASET)
    ds.GetRasterBand(1).GetMaskBand().WriteArray((wave(7, width, height) > 0.4).astype('uint8') * 255)
    return ds


for name, options, config in [
    ('internal', ['COMPRESS=DEFLATE'], {'GDAL_TIFF_INTERNAL_MASK': 'YES'}),
    ('internal-jpeg', ['COMPRESS=JPEG', 'PHOTOMETRIC=YCBCR', *tiled], {'GDAL_TIFF_INTERNAL_MASK': 'YES'}),
    ('internal-eight', ['COMPRESS=LZW'], {'GDAL_TIFF_INTERNAL_MASK': 'YES', 'GDAL_TIFF_INTERNAL_MASK_TO_8BIT': 'NO'}),
    ('external', ['COMPRESS=ZSTD'], {'GDAL_TIFF_INTERNAL_MASK': 'NO'}),
]:
    write(f'mask-{name}', with_mask(3), *options, config=config)
    write(f'mask-{name}-overviews', with_mask(3), *options, config=config, after=overviews(2, 4, config=config))
write('alpha', memory('uint8', 4), 'ALPHA=YES', 'COMPRESS=DEFLATE')
write('alpha-premultiplied', memory('uint8', 4), 'ALPHA=PREMULTIPLIED', 'COMPRESS=DEFLATE')
write('alpha-gray', memory('uint8', 2), 'ALPHA=YES', 'COMPRESS=LZW')
write('alpha-16', memory('uint16', 4), 'ALPHA=YES', 'PHOTOMETRIC=RGB', 'COMPRESS=ZSTD')

# --- palettes and inverted grey
def palette(kind, size):
    ds = memory(kind, 1, top=size - 1)
    table = gdal.ColorTable()
    for i in range(size):
        table.SetColorEntry(i, ((i * 7) % 256, (i * 13) % 256, 255 - i % 256, 255))
    ds.GetRasterBand(1).SetColorTable(table)
    return ds


write('palette-8', palette('uint8', 256), 'COMPRESS=LZW')
write('palette-4', palette('uint8', 16), 'NBITS=4', 'COMPRESS=DEFLATE')
write('palette-2', palette('uint8', 4), 'NBITS=2')
write('palette-1', palette('uint8', 2), 'NBITS=1', 'COMPRESS=PACKBITS')
write('palette-16', palette('uint16', 65536), 'COMPRESS=DEFLATE', after=overviews(2, 4, 8, resampling='nearest'))
write('white-is-zero', memory('uint8', 1), 'PHOTOMETRIC=MINISWHITE')
write('white-is-zero-1', memory('uint8', 1, top=1), 'PHOTOMETRIC=MINISWHITE', 'NBITS=1', bilevel=True)

# --- overviews, COGs, blocks that are missing
write('overviews', memory('uint16', 2), 'COMPRESS=ZSTD', 'PREDICTOR=2', *tiled, after=overviews(2, 4, 8))
write('overviews-beside', memory('float32', 1), 'COMPRESS=LZW', 'PREDICTOR=3', after=overviews(2, 4, read_only=True))
write('overviews-jpeg', memory('uint8', 3), 'COMPRESS=JPEG', 'PHOTOMETRIC=YCBCR', *tiled, after=overviews(2, 4))
big = dict(width=600, height=420)
for codec, extra in [('NONE', []), ('DEFLATE', ['PREDICTOR=YES']), ('ZSTD', []), ('LZW', ['BIGTIFF=YES']), ('LERC', []), ('WEBP', ['QUALITY=100']), ('JPEG', ['QUALITY=90'])]:
    write(f'cog-{codec.lower()}', memory('uint8', 3, **big), f'COMPRESS={codec}', 'BLOCKSIZE=128', *extra, driver='COG')
    write(f'cog-{codec.lower()}-mask', with_mask(3, **big), f'COMPRESS={codec}', 'BLOCKSIZE=128', *extra, driver='COG')
write('cog-edited', memory('uint8', 1, **big), 'COMPRESS=DEFLATE', 'BLOCKSIZE=128', driver='COG')
edited = gdal.OpenEx(os.path.join(folder, 'cog-edited.tif'), gdal.OF_UPDATE, open_options=['IGNORE_COG_LAYOUT_BREAK=YES'])
edited.GetRasterBand(1).WriteArray(samples('uint8', 3, width=300, height=200), 50, 60)
edited = None


def emptied(kind, value, width=600, height=420):
    def data(b):
        array = np.full((height, width), value, dtype=kind)
        array[150:200, 140:300] = samples(kind, b, width=160, height=50)
        return array
    return data


for kind, value in [('uint8', 0), ('int16', -999), ('float32', float('nan'))]:
    ds = memory(kind, 1, data=emptied(kind, value), **big)
    ds.GetRasterBand(1).SetNoDataValue(value)
    write(f'cog-sparse-{kind}', ds, 'COMPRESS=DEFLATE', 'BLOCKSIZE=128', 'SPARSE_OK=YES', driver='COG')
    write(f'sparse-{kind}', ds, 'COMPRESS=ZSTD', 'SPARSE_OK=YES', 'TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64')

# --- where it lies
plain = ['COMPRESS=DEFLATE']
for name, code, place in [
    ('lambert', 2154, PLACE), ('cc', 3948, PLACE), ('utm', 32631, PLACE), ('mercator', 3857, PLACE), ('geographic', 4326, (2.1, 0.001, 0, 48.9, 0, -0.001)),
    ('rgf93', 4171, (2.1, 0.001, 0, 48.9, 0, -0.001)), ('polar', 3031, PLACE), ('foot', 2263, PLACE), ('lambert-2', 27572, PLACE), ('british', 27700, PLACE),
]:
    write(f'place-{name}', memory('uint8', 1, srs=code, place=place), *plain, epsg=code)
write('place-south-up', memory('uint8', 1, place=(700000, 0.5, 0, 6600000, 0, 0.5)), *plain)
write('place-turned', memory('uint8', 1, place=(700000, 0.4, 0.3, 6600000, 0.3, -0.4)), *plain)
ds = memory('uint8')
ds.SetMetadataItem('AREA_OR_POINT', 'Point')
write('place-point', ds, *plain)
write('place-world-file', memory('uint8'), 'PROFILE=BASELINE', 'TFW=YES', config={'GDAL_PAM_ENABLED': 'NO'}, epsg=0)
write('place-wld', memory('uint8'), 'PROFILE=BASELINE', 'WORLDFILE=YES', config={'GDAL_PAM_ENABLED': 'NO'}, epsg=0)
write('place-aux', memory('uint8'), 'PROFILE=BASELINE', config={'GDAL_PAM_ENABLED': 'YES'})
write('place-compound', memory('uint8', srs=5698), *plain, epsg=2154)
for name, code in [('user-lambert', 2154), ('user-cc', 3946), ('user-utm', 32740), ('user-stereo', 3031), ('user-laea', 3035), ('user-albers', 5070)]:
    anonymous = osr.SpatialReference()
    anonymous.ImportFromProj4(crs(code).ExportToProj4())
    write(f'place-{name}', memory('uint8', srs=anonymous), *plain, epsg=code, anonymous=True)

# --- what bands mean
ds = memory('int16', 4)
for b, (interpretation, scale, offset, unit, description) in enumerate([
    (gdal.GCI_RedBand, 0.01, -5, 'm', 'height'), (gdal.GCI_Undefined, 2, 0.25, 'K', 'temperature é <&>'), (gdal.GCI_GrayIndex, None, None, '', ''), (gdal.GCI_AlphaBand, None, None, '', ''),
]):
    band = ds.GetRasterBand(b + 1)
    band.SetColorInterpretation(interpretation)
    band.SetDescription(description)
    if unit:
        band.SetUnitType(unit)
    if scale is not None:
        band.SetScale(scale)
        band.SetOffset(offset)
write('bands-meanings', ds, *plain, meanings=True)
ds = memory('float32', 2)
for b in (1, 2):
    ds.GetRasterBand(b).ComputeStatistics(False)
write('bands-statistics', ds, *plain, meanings=True)
write('bands-many', memory('uint8', 70), 'COMPRESS=ZSTD', 'INTERLEAVE=PIXEL')
write('bands-many-planar', memory('uint8', 70), 'COMPRESS=ZSTD', 'INTERLEAVE=BAND')
write('one-pixel', memory('uint8', 1, width=1, height=1), *plain)
write('one-row', memory('uint16', 3, width=500, height=1), *plain)

# --- what only libtiff's programs write
for name, origin, options in [
    ('big-endian', 'uint16-lzw-1', ['-B', '-c', 'zip:2']), ('little-endian', 'int32-none-1', ['-L', '-c', 'lzw:2']), ('reversed-bits', 'uint8-none-1', ['-f', 'lsb2msb', '-c', 'lzw']),
    ('reversed-raw', 'uint16-none-1', ['-f', 'lsb2msb', '-c', 'none']), ('old-deflate', 'uint8-lzw-1', ['-c', 'zip', '-r', '9']), ('tiles', 'uint8-deflate-1', ['-t', '-w', '48', '-l', '32', '-c', 'packbits']),
    ('separate', 'uint8-lzw-2', ['-p', 'separate', '-c', 'zstd']), ('jpeg-444', 'webp-lossless-3', ['-c', 'jpeg:r:90', '-t', '-w', '64', '-l', '64']), ('webp', 'webp-lossless-3', ['-c', 'lzw:2', '-r', '1']), ('big', 'float32-none-1', ['-8', '-c', 'zip:3']),
]:
    if subprocess.run(['tiffcp', *options, os.path.join(folder, origin + '.tif'), os.path.join(folder, f'tiffcp-{name}.tif')], stderr=subprocess.DEVNULL).returncode == 0:
        with open(os.path.join(folder, f'tiffcp-{name}.tfw'), 'w') as world:
            world.write('0.5\n0\n0\n-0.5\n700000.5\n6600000.25\n')
        files.append(dict(name=f'tiffcp-{name}', lossy=0))

# --- what GDAL reads
for entry in files:
    ds = gdal.Open(os.path.join(folder, entry['name'] + '.tif'))
    srs = ds.GetSpatialRef()
    first = ds.GetRasterBand(1)
    signed = ds.GetRasterBand(1).GetMetadataItem('PIXELTYPE', 'IMAGE_STRUCTURE') == 'SIGNEDBYTE'
    kind = {v: k for k, v in types.items()}[first.DataType]
    if signed:
        kind = 'int8'
    levels = [[ds.RasterXSize, ds.RasterYSize]] + [[first.GetOverview(i).XSize, first.GetOverview(i).YSize] for i in range(first.GetOverviewCount())]
    text = lambda v: None if v is None else 'nan' if math.isnan(v) else repr(v)
    table = first.GetColorTable()
    entry.update(
        type=kind, levels=levels, transform=list(ds.GetGeoTransform(can_return_null=True) or []), mask=first.GetMaskFlags(),
        bands=[dict(nodata=text(b.GetNoDataValue()), scale=b.GetScale(), offset=b.GetOffset(), unit=b.GetUnitType(), description=b.GetDescription(), meaning=gdal.GetColorInterpretationName(b.GetColorInterpretation()),
                    minimum=b.GetMetadataItem('STATISTICS_MINIMUM'), maximum=b.GetMetadataItem('STATISTICS_MAXIMUM')) for b in (ds.GetRasterBand(i + 1) for i in range(ds.RasterCount))],
        palette=[table.GetColorEntry(i)[:3] for i in range(min(table.GetCount(), 300))] if table else None)
    entry.setdefault('epsg', int(srs.GetAuthorityCode(None)) if srs and srs.GetAuthorityCode(None) else 0)
    with open(os.path.join(folder, entry['name'] + '.raw'), 'wb') as raw:
        for level, (width, height) in enumerate(levels):
            bands = [ds.GetRasterBand(i + 1) if level == 0 else ds.GetRasterBand(i + 1).GetOverview(level - 1) for i in range(ds.RasterCount)]
            for band in bands:
                raw.write(band.ReadRaster())
            raw.write(bands[0].GetMaskBand().ReadRaster(0, 0, width, height, buf_type=gdal.GDT_Byte))
json.dump(files, open(os.path.join(folder, 'index.json'), 'w'))
print(len(files))
