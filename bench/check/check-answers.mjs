// Answers are held against a reference before they are timed: a faster wrong answer scores zero.
import sharp from 'sharp'
import { get } from '../support/measure.mjs'
import { references } from './reference.mjs'

const sample = 6
/** Servers antialias, join and overlap lines in their own ways: what counts is that pixels, blurred a little, are the same. */
const blur = 1.5
/** Least decibels between blurred pictures. Shifted by three pixels, every server stays below: 24 to 30, 20, 16, and 28. */
const least = { MULTIPOLYGON: 31, LINESTRING: 24, MULTILINESTRING: 24, POINT: 21, raster: 32 }

/** The reference of a few requests of a workload, once for all servers. */
export async function prepareCheck(world, workload, folder) {
  const step = Math.max(1, Math.floor(workload.requests.length / sample))
  const chosen = workload.requests.filter((_, k) => k % step === 0).slice(0, sample)
  const prepared = []
  for (const request of chosen)
    prepared.push({
      request,
      right: await Promise.all((await references(world, workload, request, folder)).map(pixels => blurred(pixels, request))),
    })
  return prepared
}

/** `{ ok, psnr, why, isNotThere }`: the least PSNR of the sample against its nearest reference; a tile that is not found says that there is no such door. */
export async function checkAnswers(server, workload, prepared) {
  let psnr = Infinity
  for (const { request, right } of prepared) {
    const path = server.mapPath(workload, request)
    const { status, headers, body } = await get(`http://127.0.0.1:${server.port}${path}`)
    const type = String(headers['content-type'])
    if (status === 404 && request.tile) return { ok: false, isNotThere: true, why: 'no such door' }
    if (status !== 200 || !type.includes(request.mediaType))
      return { ok: false, why: `${status} ${type}: ${body.toString('utf8', 0, 200)}` }
    const { data, info } = await sharp(body)
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    if (info.width !== request.width || info.height !== request.height) return { ok: false, why: `${info.width} x ${info.height} pixels` }
    const answer = await blurred(data, request)
    psnr = Math.min(psnr, Math.max(...right.map(reference => decibels(answer, reference))))
  }
  const needed = least[workload.layer.type]
  return { ok: psnr >= needed, psnr, ...(psnr < needed && { why: `PSNR ${psnr.toFixed(1)} dB, at least ${needed} is asked` }) }
}

const blurred = (pixels, { width, height }) =>
  sharp(pixels, { raw: { width, height, channels: 3 } })
    .blur(blur)
    .raw()
    .toBuffer()

export function decibels(a, b) {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return sum === 0 ? 99 : 10 * Math.log10(255 ** 2 / (sum / a.length))
}
