#!/usr/bin/env bash
# Puts the Python clients that tests use, from PyPI at pinned versions, into .build/python-clients, and prints its python. Does nothing when they are there already.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=(OWSLib==0.35.0 "moto[s3]==5.2.5" flask==3.1.3 flask-cors==6.0.5
  geopandas==1.2.0 pyogrio==0.13.0 pyarrow==26.0.1 duckdb==2.0.1 openpyxl==3.1.5 fsspec==2026.9.0 aiohttp==3.14.5)
target=.build/python-clients
wanted="$(/usr/bin/python3 --version) ${packages[*]}"

if [ "$(cat "$target/installed" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$target" "$target.new"
  trap 'rm -rf "$target.new"' EXIT
  mkdir -p .build
  /usr/bin/python3 -m venv "$target.new" >&2
  "$target.new/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: "${packages[@]}" >&2
  echo "$wanted" >"$target.new/installed"
  mv "$target.new" "$target"
fi
echo "$target/bin/python"
