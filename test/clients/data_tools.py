"""What people who work with data make of the server's addresses: geopandas on pyogrio (whose GDAL is newer than Debian's), DuckDB, openpyxl. Prints one JSON
object.

usage: data_tools.py ADDRESS FOLDER
"""
import datetime
import json
import sys
from urllib.request import urlretrieve

import duckdb
import geopandas
import openpyxl
import pyogrio
from fsspec.implementations.http import HTTPFileSystem

address, folder = sys.argv[1:]
items = f"{address}/collections/ws:batiments/items"
files = f"{address}/files/exports/ws%3Abatiments"
lambert = "http://www.opengis.net/def/crs/EPSG/0/2154"
wanted = geopandas.read_file("fixtures/demo/saint-evrault.gpkg", layer="batiments", fid_as_index=True)
CHURCH = (885960, 6869590, 886060, 6869690)


def facts(frame, to=2154, key=None):
    """How a frame compares with the published file."""
    frame = frame.set_index(frame[key].astype(int)) if key else frame
    frame = frame.loc[sorted(frame.index)]
    source = wanted.loc[frame.index]
    names = [name for name in wanted.columns if name in frame.columns and name != "geometry"]
    same = all(((frame[name] == source[name]) | (frame[name].isna() & source[name].isna())).all() for name in names)
    apart = frame.geometry.to_crs(2154).hausdorff_distance(source.geometry)
    return [frame.crs.to_epsg(), len(frame), len(names), bool(same), bool(apart.max() < 0.002)]


seen = {"gdal": pyogrio.__gdal_version__}
seen["geojson"] = facts(geopandas.read_file(items), key="fid")
seen["geojson in 2154"] = facts(geopandas.read_file(f"{items}?crs={lambert}"), key="fid")
seen["flatgeobuf"] = facts(geopandas.read_file(f"{items}?f=flatgeobuf&crs={lambert}"), key="fid")
seen["stored flatgeobuf"] = facts(geopandas.read_file(f"/vsicurl/{files}.fgb"), key="fid")
seen["a box of it"] = facts(geopandas.read_file(f"/vsicurl/{files}.fgb", bbox=CHURCH), key="fid")
seen["in the file"] = len(geopandas.read_file("fixtures/demo/saint-evrault.gpkg", layer="batiments", bbox=CHURCH))
seen["geopackage"] = facts(geopandas.read_file(f"/vsicurl/{files}.gpkg", fid_as_index=True))
parquet, _ = urlretrieve(f"{files}.parquet", f"{folder}/batiments.parquet")
seen["geoparquet"] = facts(geopandas.read_parquet(parquet), key="fid")
seen["a box of geoparquet"] = facts(geopandas.read_parquet(parquet, bbox=CHURCH), key="fid")

# the driver of GDAL, in a version that asks for the CRS of the data and for numbers alone
seen["oapif"] = facts(geopandas.read_file(f"OAPIF:{address}", layer="ws:batiments"), key="fid")
seen["a box of oapif"] = facts(geopandas.read_file(f"OAPIF:{address}", layer="ws:batiments", bbox=CHURCH), key="fid")
trees = geopandas.read_file(f"OAPIF:{address}", layer="arbres")
source = geopandas.read_file("fixtures/demo/arbres.geojson")
moved = trees.set_index("id").get_coordinates() - source.set_index("id").loc[trees["id"]].get_coordinates()
seen["oapif in degrees"] = [trees.crs.to_epsg(), trees["id"].nunique(), len(source), bool(moved.abs().max().max() < 2e-8)]
seen["count"] = pyogrio.read_info(f"OAPIF:{address}", layer="ws:batiments", force_feature_count=True)["features"]


class Http(HTTPFileSystem):
    """DuckDB's own reader of HTTP is an extension, which has to be downloaded from elsewhere."""

    def modified(self, path):
        return datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)


database = duckdb.connect()
database.register_filesystem(Http())
table = f"read_parquet('{files}.parquet')"
seen["duckdb"] = list(database.sql(f"SELECT count(*), round(sum(hauteur), 1), count(annee_construction) FROM {table}").fetchall()[0])
seen["wanted of duckdb"] = [len(wanted), round(float(wanted["hauteur"].sum()), 1), int(wanted["annee_construction"].count())]
seen["the church"] = database.sql(f"SELECT DISTINCT nom FROM {table} WHERE usage = 'Religieux' AND nom IS NOT NULL").fetchall()
seen["boxes"] = database.sql(f"SELECT count(*) FROM {table} WHERE bbox.xmin <= 886060 AND bbox.xmax >= 885960 AND bbox.ymin <= 6869690 AND bbox.ymax >= 6869590").fetchall()[0][0]
seen["types"] = {name: kind.split("(")[0] for name, kind, *_ in database.sql(f"DESCRIBE SELECT * FROM {table}").fetchall()}

book, _ = urlretrieve(f"{address}/files/exports/ws%3Aparcelles.xlsx", f"{folder}/parcelles.xlsx")
sheet = openpyxl.load_workbook(book).active
rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
seen["excel"] = {"title": sheet.title, "head": rows[0], "rows": len(rows) - 1}
parcels = geopandas.read_file("fixtures/demo/saint-evrault.gpkg", layer="parcelles").set_index("idu")
at = rows[0].index
differing = 0
for row in rows[1:]:
    parcel = parcels.loc[row[at("idu")]]
    day = row[at("date_maj")]
    pairs = [(row[at(name)], parcel[name]) for name in ("section", "numero", "contenance", "nature", "lieu_dit")]
    pairs.append((isinstance(day, datetime.datetime) and day.date(), parcel["date_maj"].date()))
    differing += any(one != other and not (one is None and other != other) for one, other in pairs)
seen["excel"]["differing"] = differing
print(json.dumps(seen))
