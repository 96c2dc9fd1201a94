#!/usr/bin/env python3
"""Writes src/geo/crs-registry.json: every EPSG, IGNF and OGC coordinate reference system of PROJ's database, one line each.

    python3 -m venv .venv && .venv/bin/pip install pyproj==3.7.2 && .venv/bin/python scripts/crs-registry.py

The answer depends on nothing but the version of PROJ. src/geo/crs-registry.ts reads the file and documents the columns.
"""

import json
import math
import re
import sys
import warnings
from pathlib import Path

import pyproj
from pyproj.database import get_database_metadata, query_crs_info
from pyproj.transformer import TransformerGroup

warnings.filterwarnings("ignore")
pyproj.network.set_network_enabled(False)

KINDS = {
    "GEOGRAPHIC_2D_CRS": "g",
    "GEOGRAPHIC_3D_CRS": "g",
    "PROJECTED_CRS": "p",
    "COMPOUND_CRS": "c",
    "VERTICAL_CRS": "v",
    "GEOCENTRIC_CRS": "x",
}

# Ellipsoids that proj4js and PROJ spell and size alike; every other one is written in numbers.
SHARED_ELLIPSOIDS = {(6378137.0, 298.257222101): "GRS80", (6378137.0, 298.257223563): "WGS84", (6378388.0, 297.0): "intl"}

# Projections and variants that proj4js lacks or computes otherwise than PROJ, found by test/geo/crs-oracle.test.ts.
UNSUPPORTED = {
    "col_urban": "the projection Colombia Urban",
    "labrd": "the projection Laborde Oblique Mercator",
    "mod_krovak": "the projection Krovak Modified",
    "gstmerc": "the projection Gauss-Schreiber Transverse Mercator",
}
UNSUPPORTED_METHODS = {
    "Guam Projection",
    "Modified Azimuthal Equidistant",
    "Hyperbolic Cassini-Soldner",
    "Local Orthographic",
    "Bonne (South Orientated)",
    "Lambert Conic Near-Conformal",
    "Transverse Mercator Zoned Grid System",
    "Tunisia Mining Grid",
    "Transverse Mercator 3D",
}


def number(value, digits=15):
    """`value` with at most `digits` significant digits, an int where it is one."""
    value = float(f"{value:.{digits}g}")
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def horizontal(crs):
    """The CRS of x and y: the first part of a compound, the source of a bound one."""
    while crs.is_compound or crs.is_bound:
        crs = crs.sub_crs_list[0] if crs.is_compound else crs.source_crs
    return crs


def code_of(crs):
    identifier = crs.to_json_dict().get("id")
    return f"{identifier['authority']}:{identifier['code']}" if identifier else None


def area_of(crs):
    area = crs.area_of_use
    if area is None:
        return None
    west, south, east, north = area.bounds
    if any(abs(v) > 180 for v in (west, east)) or south >= north:
        return None
    return [number(v, 8) for v in (west, south, east, north)]


def orientation(crs):
    """('xy' or 'yx', directions of x and y): the authority's order, and what PROJ's order for visualisation leaves."""
    first, second = crs.axis_info[:2]
    named = lambda axis, word: axis.name.lower().startswith(word)
    pair = (first.direction, second.direction)
    is_flipped = pair == ("north", "east") or (
        pair in (("north", "north"), ("south", "south")) and named(first, "northing") and named(second, "easting")
    )
    if is_flipped:
        return "yx", "en"
    if pair[0] == pair[1] or set(pair) & {"unspecified"}:
        return "xy", "en"
    return "xy", pair[0][0] + pair[1][0]


def parameters(text):
    """'+proj=lcc +lat_1=49 +no_uoff' as a dict in order; flags have the value ''."""
    return {k.lstrip("+"): v for k, _, v in (word.partition("=") for word in text.split())}


def figure(ellipsoid):
    major, minor, flattening = ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre, ellipsoid.inverse_flattening
    name = SHARED_ELLIPSOIDS.get((major, flattening))
    if name:
        return f"+ellps={name}"
    if flattening == 0 or major == minor:
        return f"+R={number(major, 17)}"
    if ellipsoid.is_semi_minor_computed:
        return f"+a={number(major, 17)} +rf={number(flattening, 17)}"
    return f"+a={number(major, 17)} +b={number(minor, 17)}"


def authalic_radius(ellipsoid):
    a, b = ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre
    e = math.sqrt(1 - (b / a) ** 2)
    return a * math.sqrt((1 + (1 - e * e) / e * math.atanh(e)) / 2)


def conversion_value(crs, name):
    return next(p.value * p.unit_conversion_factor for p in crs.coordinate_operation.params if p.name == name)


def degrees(crs, name):
    return number(conversion_value(crs, name) * 180 / math.pi, 14)


def derived(crs, method):
    """Proj strings for methods that PROJ lacks and that are another method in disguise."""
    if method == "Polar Stereographic (variant C)":
        # Variant B whose false northing belongs to the standard parallel instead of the pole.
        parallel, origin = degrees(crs, "Latitude of standard parallel"), degrees(crs, "Longitude of origin")
        pole = -90 if parallel < 0 else 90
        string = f"+proj=stere +lat_0={pole} +lat_ts={parallel} +lon_0={origin}"
        northing = pyproj.Proj(f"{string} {figure(crs.ellipsoid)}")(origin, parallel)[1]
        return (
            f"{string} +x_0={number(conversion_value(crs, 'Easting at false origin'))}"
            f" +y_0={number(conversion_value(crs, 'Northing at false origin') - northing)}"
        )
    return None


def projection(crs):
    """(proj string without figure, unit, meridian and axis; None) or (None, reason why there is none)."""
    method = crs.coordinate_operation.method_name
    if method in UNSUPPORTED_METHODS:
        return None, f"the projection {method}"
    try:
        words = parameters(crs.to_proj4())
    except pyproj.exceptions.CRSError:
        string = derived(crs, method)
        return (string, None) if string else (None, f"the projection {method}")
    if words["proj"] in UNSUPPORTED:
        return None, UNSUPPORTED[words["proj"]]
    if method in ("Popular Visualisation Pseudo Mercator", "Mercator (1SP) (Spherical)"):
        return "+proj=merc +lon_0=0 +x_0=0 +y_0=0 +R=6378137", None
    dropped = {"datum", "ellps", "a", "b", "rf", "pm", "units", "to_meter", "axis", "no_defs", "type", "nadgrids", "wktext", "towgs84"}
    kept = {k: v for k, v in words.items() if k not in dropped}
    if words["proj"] != "utm":  # proj4js has no defaults for some projections
        kept = {**kept, **{k: "0" for k in ("lon_0", "x_0", "y_0") if k not in kept and not (k == "lon_0" and "lonc" in kept)}}
    if kept.get("k", kept.get("k_0")) == "1":
        kept.pop("k", None), kept.pop("k_0", None)
    if "R_A" in kept:  # the sphere of the same surface
        kept["R"] = number(authalic_radius(crs.ellipsoid))
        del kept["R_A"]
    return " ".join(f"+{k}={v}" if v != "" else f"+{k}" for k, v in kept.items()), None


# --- how a datum gets to WGS 84 ---------------------------------------------------------------------------------------------------

NEUTRAL_STEPS = {"unitconvert", "axisswap", "push", "pop", "cart", "longlat", "noop", "set"}


def steps_of(definition):
    """Geocentric steps of a PROJ pipeline as [[dx, dy, dz(, rx, ry, rz, ppm)], …] (position vector; a leading '-' means inverse);
    None when it does something else than shifting geocentric coordinates."""
    parts = re.split(r"(?:^|\s)step\s", definition)
    result = []
    for part in parts:
        words = parameters(part)
        name = words.get("proj")
        if name in (None, "pipeline"):
            continue
        if name in NEUTRAL_STEPS:
            continue
        if name not in ("helmert", "molobadekas", "molodensky") or "theta" in words or "exact" in words:
            return None
        get = lambda key: float(words.get(key, 0) or 0)
        if name == "molodensky":
            result.append([get("dx"), get("dy"), get("dz")])
            continue
        shift, turn, ppm = [get("x"), get("y"), get("z")], [get("rx"), get("ry"), get("rz")], get("s")
        if words.get("convention") == "coordinate_frame":
            turn = [-v for v in turn]
        if name == "molobadekas":
            shift = around_pivot(shift, turn, ppm, [get("px"), get("py"), get("pz")])
        step = shift + turn + [ppm] if any(turn) or ppm else shift
        if not any(step):
            continue
        step = [number(v, 12) for v in step]
        result.append(["-"] + step if "inv" in words else step)
    return result


def around_pivot(shift, turn, ppm, pivot):
    """The translation that stands in for a Molodensky-Badekas pivot."""
    x, y, z = pivot
    rx, ry, rz = (v / 3600 * math.pi / 180 for v in turn)
    scale = 1 + ppm * 1e-6
    turned = (x - rz * y + ry * z, rz * x + y - rx * z, -ry * x + rx * y + z)
    return [t + p - scale * r for t, p, r in zip(shift, pivot, turned)]


def covered(area, by):
    """Share of the box `area` that `by` covers; boxes may cross the antimeridian."""
    if by is None or area is None:
        return 1.0

    def spans(box):
        west, east = box[0], box[2]
        return [(west, east)] if west <= east else [(west, 180), (-180, east)]

    width = sum(e - w for w, e in spans(area)) or 1e-9
    shared = sum(max(0, min(e, f) - max(w, v)) for w, e in spans(area) for v, f in spans(by))
    height = max(0, min(area[3], by[3]) - max(area[1], by[1]))
    return (shared / width) * (height / ((area[3] - area[1]) or 1e-9))


class Shifts:
    """Operations from each geographic base to WGS 84, and the table of the distinct ones that were chosen."""

    def __init__(self):
        self.operations, self.table, self.index, self.unparsed = {}, [], {}, {}

    def of(self, base):
        if base not in self.operations:
            try:
                group = TransformerGroup(base, "EPSG:4326", always_xy=True, allow_ballpark=False)
            except IndexError:  # pyproj's way to say: no operation at all
                self.operations[base] = ([], [])
                return self.operations[base]
            available = []
            for order, item in enumerate(group.transformers):
                steps = steps_of(item.definition)
                if steps is None:
                    self.unparsed[item.description] = item.definition
                    continue
                bounds = item.area_of_use.bounds if item.area_of_use else None
                available.append((steps, item.accuracy if item.accuracy >= 0 else None, bounds, order))
            missing = [
                (sorted(g.short_name for g in o.grids), o.accuracy if o.accuracy >= 0 else None, o.area_of_use.bounds if o.area_of_use else None)
                for o in group.unavailable_operations
                if o.grids
            ]
            self.operations[base] = (available, missing)
        return self.operations[base]

    def choose(self, base, area):
        """Index into the table of what takes `base` to WGS 84 within `area`; None when nothing does."""
        available, missing = self.of(base)
        # The most accurate that holds all over the area; where none does, the one that holds in most of it.
        candidates = [e for e in available if covered(area, e[2]) >= 0.9]
        candidates = candidates or sorted((e for e in available if covered(area, e[2]) > 0), key=lambda e: (-round(covered(area, e[2]), 3), e[3]))[:1]
        # Two realisations of one frame stay that beyond the area the database states.
        candidates = candidates or [e for e in available if not e[0]]
        best = min(candidates, key=lambda e: (e[1] if e[1] is not None else 999, bool(e[0]), e[3]), default=None)
        is_same_frame = best is not None and not best[0]
        accuracy = best[1] if best else None
        grids = [
            m for m in missing if covered(area, m[2]) >= 0.5 and m[1] is not None and not is_same_frame and (accuracy is None or m[1] < accuracy) and len(m[0]) == 1
        ]
        grid = min(grids, key=lambda m: (m[1], m[0]), default=None)
        if best is None and grid is None:
            return None
        entry = [best[0] if best else None, accuracy] + ([grid[0][0], grid[1]] if grid else [])
        return self.intern(entry)

    def intern(self, entry):
        key = json.dumps(entry)
        if key not in self.index:
            self.index[key] = len(self.table)
            self.table.append(entry)
        return self.index[key]


class Datums:
    """Datum names, those that differ by their prime meridian alone as one; and a geographic base in EPSG for each."""

    def __init__(self):
        self.names, self.bases = [], {}
        for info in query_crs_info(auth_name="EPSG", pj_types=["GEOGRAPHIC_2D_CRS"], allow_deprecated=False):
            self.bases.setdefault(self.name_of(pyproj.CRS.from_authority("EPSG", info.code)), f"EPSG:{info.code}")

    @staticmethod
    def name_of(crs):
        name = crs.datum.name
        meridian = crs.prime_meridian
        if meridian and meridian.longitude:
            name = name.removesuffix(f" ({meridian.name})")
        return name

    def index(self, name):
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)


def record(crs, info, shifts, datums):
    """One line of the registry; its columns are documented in src/geo/crs-registry.ts."""
    kind = KINDS[info.type.name] + ("d" if info.deprecated else "")
    if kind[0] in "vx":
        return [kind, crs.name, area_of(crs)]
    flat = horizontal(crs)
    flat_code = code_of(flat)
    if kind[0] == "c" and flat_code:
        return [kind, crs.name, area_of(crs), flat_code]
    base = flat.geodetic_crs
    datum = datums.name_of(base)
    order, directions = orientation(flat)
    unit = flat.axis_info[0].unit_conversion_factor
    if flat.is_geographic:
        unit, string, reason = number(unit * 180 / math.pi, 13), "+proj=longlat", None
    else:
        string, reason = projection(flat)
        unit = number(unit, 17)
    if string and "+R=" not in string:
        string += " " + figure(flat.ellipsoid)
    area = area_of(crs)
    if datum.lower().startswith(("not specified", "unspecified", "unknown")) or datum.endswith("Sphere"):
        shift = shifts.intern([[], None])
    else:
        shift = shifts.choose(datums.bases.get(datum) or code_of(base) or base.to_wkt(), area)
    meridian = base.prime_meridian.longitude * base.prime_meridian.unit_conversion_factor * 180 / math.pi
    return [
        kind,
        crs.name,
        area,
        code_of(base) if not flat.is_geographic else None,
        order if directions == "en" else order + directions,
        unit,
        number(meridian, 14),
        datums.index(datum),
        shift,
        string if string else "!" + reason,
    ]


def main():
    shifts, datums, lines = Shifts(), Datums(), []
    assert shifts.intern([[], 0]) == 0
    for authority in ("EPSG", "IGNF", "OGC"):
        infos = query_crs_info(auth_name=authority, allow_deprecated=True)
        natural = lambda info: (int(info.code) if info.code.isdigit() else 0, info.code)
        for info in sorted((i for i in infos if i.type.name in KINDS), key=natural):
            if f"{authority}:{info.code}" == "EPSG:900913":  # read as EPSG:3857, never written
                continue
            crs = pyproj.CRS.from_authority(authority, info.code)
            lines.append((f"{authority}:{info.code}", record(crs, info, shifts, datums)))
    dump = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    head = [
        f'"proj":{dump(pyproj.proj_version_str)}',
        f'"epsg":{dump(get_database_metadata("EPSG.VERSION"))}',
        f'"ignf":{dump(get_database_metadata("IGNF.VERSION"))}',
        f'"datums":{dump(datums.names)}',
        f'"shifts":{dump(shifts.table)}',
    ]
    body = [f"{dump(code)}:{dump(line)}" for code, line in lines]
    out = Path(__file__).resolve().parent.parent / "src/geo/crs-registry.json"
    out.write_text("{\n" + ",\n".join(head + body) + "\n}\n", encoding="utf-8")
    print(f"{out.name}: {len(lines)} systems, {len(datums.names)} datums, {len(shifts.table)} shifts, {out.stat().st_size} bytes")
    for description, definition in shifts.unparsed.items():
        print("left out:", description, "|", definition, file=sys.stderr)


main()
