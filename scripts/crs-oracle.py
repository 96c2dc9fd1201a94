#!/usr/bin/env python3
"""Writes fixtures/geo/crs-oracle.json: what PROJ makes of a seeded sample of systems, for test/geo/crs-oracle.test.ts.

    .venv/bin/python scripts/crs-oracle.py        (the environment of scripts/crs-registry.py)

`projections`: [geographic base, system, [[x, y, X, Y], …]], from the base to the system, x before y as PROJ orders axes for visualisation.
`shifts`: [system, x, y, [[lon, lat, accuracy], …]]: WGS 84 by every operation PROJ has without a grid.
"""

import json
import math
import random
import warnings
from pathlib import Path

import pyproj
from pyproj.transformer import TransformerGroup

warnings.filterwarnings("ignore")
pyproj.network.set_network_enabled(False)
root = Path(__file__).resolve().parent.parent
registry = json.loads((root / "src/geo/crs-registry.json").read_text(encoding="utf-8"))
seeded = random.Random(93)

SAMPLE = 260
POINTS = 3


def flat(code):
    return ":" in code and len(registry[code]) > 5


def points_in(area, count):
    west, south, east, north = area
    east += 360 if east < west else 0
    shares = [(0.5, 0.5)] + [(seeded.uniform(0.05, 0.95), seeded.uniform(0.05, 0.95)) for _ in range(count - 1)]
    for u, v in shares:
        lon = west + (east - west) * u
        yield (lon - 360 if lon > 180 else lon), south + (north - south) * v


def method(code):
    return pyproj.CRS(code).coordinate_operation.method_name


def projections():
    codes = [c for c in registry if flat(c) and registry[c][0] == "p" and registry[c][2] and registry[c][3] and registry[c][9][0] != "!"]
    by_method = {}
    for code in codes:
        by_method.setdefault((method(code), registry[code][4]), []).append(code)
    # Every method and every orientation of axes, then the rest at random.
    chosen = {c for group in by_method.values() for c in seeded.sample(group, min(2, len(group)))}
    chosen |= set(seeded.sample(codes, SAMPLE - len(chosen)))
    for code in sorted(chosen):
        _, _, area, base, *_ = registry[code]
        try:
            transformer = pyproj.Transformer.from_crs(base, code, always_xy=True)
        except pyproj.exceptions.ProjError:
            continue  # a method PROJ lacks
        unit, meridian = registry[base][5], registry[base][6]
        rows = []
        for lon, lat in points_in(area, POINTS):
            x, y = round((lon - meridian) / unit, 9), round(lat / unit, 9)
            X, Y = transformer.transform(x, y)
            if math.isfinite(X):
                rows.append([x, y, round(X, 6), round(Y, 6)])
        yield [base, code, rows]


def shifts():
    codes = [
        c for c in registry if flat(c) and c.startswith("EPSG") and registry[c][0] == "g" and registry[c][2] and registry[c][8] is not None and registry["shifts"][registry[c][8]][0]
    ]
    for code in sorted(seeded.sample(codes, 60)):
        try:
            operations = TransformerGroup(code, "EPSG:4326", always_xy=True, allow_ballpark=False).transformers
        except IndexError:
            continue
        unit, meridian = registry[code][5], registry[code][6]
        lon, lat = next(points_in(registry[code][2], 1))
        x, y = round((lon - meridian) / unit, 9), round(lat / unit, 9)
        results = {tuple(round(v, 10) for v in o.transform(x, y)) + (o.accuracy,) for o in operations}
        yield [code, x, y, sorted(list(r) for r in results if math.isfinite(r[0]))]


def main():
    dump = lambda rows: ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    out = root / "fixtures/geo/crs-oracle.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(f'{{\n"proj":"{pyproj.proj_version_str}",\n"projections":[\n{dump(projections())}\n],\n"shifts":[\n{dump(shifts())}\n]\n}}\n')
    print(out.name, out.stat().st_size, "bytes")


main()
