// What the right picture is, made by programs that take no part: vector maps by librsvg from the rows as PostGIS projects them, orthophotos by gdalwarp.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import sharp from 'sharp'

/** RGB pixels of the pictures that are right answers to a request: servers differ in whether outlines and casings are drawn feature by feature or after all. */
export async function references(world, workload, request, folder) {
  if (workload.layer.type === 'raster') return [await warped(workload.layer.raster, request, folder)]
  return Promise.all([true, false].map(isApart => drawn(world, workload.layer, request, isApart)))
}

async function warped(raster, { bbox, width, height, crs }, folder) {
  const path = join(folder, 'warped.tif')
  const args = ['-q', '-overwrite', '-t_srs', crs, '-te', ...bbox, '-ts', width, height, '-r', 'bilinear', '-et', '0', raster.vrt, path]
  const { status, stderr } = spawnSync('gdalwarp', args.map(String), { encoding: 'utf8' })
  if (status !== 0) throw new Error(`gdalwarp failed: ${stderr}`)
  const pixels = await sharp(readFileSync(path)).removeAlpha().toColourspace('srgb').raw().toBuffer()
  rmSync(path)
  return pixels
}

async function drawn({ postgres }, { table, rule }, { bbox, width, height }, isApart) {
  const client = new pg.Client(postgres.url)
  await client.connect()
  const [minX, minY, maxX] = bbox
  const scale = width / (maxX - minX)
  const margin = 12 / scale
  const { rows } = await client.query(
    `SELECT ST_AsSVG(ST_TransScale(geom, $1, $2, $3, $3), 0, 4) AS path, ST_X(ST_Centroid(geom)) AS x, ST_Y(ST_Centroid(geom)) AS y FROM ${table}
      WHERE geom && ST_MakeEnvelope($4, $5, $6, $7, 2154) ORDER BY ctid`,
    [-minX, -minY, scale, minX - margin, minY - margin, bbox[2] + margin, bbox[3] + margin],
  )
  await client.end()
  const shapes = rows.map(row => ({ path: row.path, x: (row.x - minX) * scale, y: -(row.y - minY) * scale }))
  const body = rule.symbolizers.map(symbolizer => marksOf(symbolizer, shapes, isApart)).join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 ${-height} ${width} ${height}"><rect y="${-height}" width="100%" height="100%" fill="#fff"/>${body}</svg>`
  return sharp(Buffer.from(svg), { unlimited: true }).flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha().raw().toBuffer()
}

/** SVG elements of all shapes: each part of the symbol over all shapes before the next part, or shape by shape. */
function marksOf(symbolizer, shapes, isApart) {
  const parts = partsOf(symbolizer)
  return isApart
    ? parts.map(part => shapes.map(part).join('')).join('')
    : shapes.map(shape => parts.map(part => part(shape)).join('')).join('')
}

function partsOf(symbolizer) {
  const stroke = ({ color, opacity, width }, join) =>
    `fill="none" stroke="${color}" stroke-opacity="${opacity}" stroke-width="${width}" stroke-linejoin="${join}" stroke-linecap="round"`
  const path = style => shape => `<path d="${shape.path}" ${style}/>`
  switch (symbolizer.kind) {
    case 'fill':
      return [
        path(`fill-rule="evenodd" fill="${symbolizer.color}" fill-opacity="${symbolizer.opacity}"`),
        path(stroke(symbolizer.outline, 'miter')),
      ]
    case 'line':
      return [...(symbolizer.casing ? [path(stroke(symbolizer.casing, 'round'))] : []), path(stroke(symbolizer.stroke, 'round'))]
    case 'mark': {
      const circle =
        (color, opacity, radius) =>
        ({ x, y }) =>
          `<circle cx="${x}" cy="${y}" r="${radius}" fill="${color}" fill-opacity="${opacity}"/>`
      const { halo, color, opacity, radius } = symbolizer
      return [circle(halo.color, halo.opacity, radius + halo.width), circle(color, opacity, radius)]
    }
  }
}
