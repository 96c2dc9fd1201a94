// Answers are held against a reference before they are timed: a faster wrong answer scores zero.
import sharp from 'sharp'
import { get } from '../support/measure.mjs'
import { references } from './reference.mjs'

const sample = 6
/** Servers antialias, join and overlap lines in their own ways: what counts is that pixels, blurred a little, are the same. */
const blur = 1.5
/** Of the letters that the fullest map holds, those that another must hold: programs leave out other labels where there is no room. */
const fewestLetters = 0.7
/** An answer must be nearer to the reference than the reference is to itself, shifted by so many pixels. */
const tolerated = 3

/** The reference of a few requests of a workload, once for all servers, and how near an answer must come to it: `[{ request, right, needed }]`. */
export async function prepareCheck(world, workload, folder) {
  const step = Math.max(1, Math.floor(workload.requests.length / sample))
  const chosen = workload.requests.filter((_, k) => k % step === 0).slice(0, sample)
  const prepared = []
  for (const request of chosen) {
    const pixels = await references(world, workload, request, folder)
    const right = await Promise.all(pixels.map(one => blurred(one, request)))
    const moved = await Promise.all([shifted(right[0], request, tolerated, 0), shifted(right[0], request, 0, tolerated)])
    prepared.push({ request, right, needed: Math.max(...moved.map(one => decibels(one, right[0]))) })
  }
  return prepared
}

/**
 * `{ ok, psnr, needed, why, isNotThere }`: the least PSNR of the sample against its nearest reference, and what it had to exceed there; a tile that is not found
 * says that there is no such door.
 */
export async function checkAnswers(server, workload, prepared) {
  let worst = { psnr: Infinity, needed: 0 }
  for (const { request, right, needed } of prepared) {
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
    const psnr = Math.max(...right.map(reference => decibels(answer, reference)))
    if (psnr - needed < worst.psnr - worst.needed) worst = { psnr, needed }
  }
  const { psnr, needed } = worst
  return {
    ok: psnr > needed,
    psnr,
    needed,
    ...(psnr <= needed && { why: `PSNR ${psnr.toFixed(1)} dB, more than ${needed.toFixed(1)} is asked` }),
  }
}

const blurred = (pixels, { width, height }) =>
  sharp(pixels, { raw: { width, height, channels: 3 } })
    .blur(blur)
    .raw()
    .toBuffer()

/** The picture moved right and down; its edge is repeated. */
const shifted = (pixels, { width, height }, right, down) =>
  sharp(pixels, { raw: { width, height, channels: 3 } })
    .extract({ left: 0, top: 0, width: width - right, height: height - down })
    .extend({ left: right, top: down, extendWith: 'copy' })
    .raw()
    .toBuffer()

/** How far apart the channels of a grey may be. */
const greyness = 24

/**
 * How much of a few maps is ink of letters, `[{ one, share }]` of the servers: the darkness of what is grey, which only letters are. Where labels find no room
 * differs, so that pictures cannot be held against each other.
 */
export async function lettersOf(servers, workload) {
  const shares = []
  for (const one of servers) {
    let [ink, all] = [0, 0]
    for (const request of workload.requests.slice(0, sample)) {
      const { body } = await get(`http://127.0.0.1:${one.server.port}${one.server.mapPath(workload, request)}`)
      const pixels = await sharp(body).flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha().raw().toBuffer()
      for (let i = 0; i < pixels.length; i += 3) {
        const [least, most] = [Math.min(pixels[i], pixels[i + 1], pixels[i + 2]), Math.max(pixels[i], pixels[i + 1], pixels[i + 2])]
        if (most - least <= greyness) ink += 1 - most / 255
      }
      all += pixels.length / 3
    }
    shares.push({ one, share: ink / all })
  }
  return shares
}

/** Those that write at least `fewestLetters` of what the one with the most does, and the others. */
export function enoughLetters(shares) {
  const most = Math.max(...shares.map(({ share }) => share))
  return shares.map(({ one, share }) => ({ one, share, ok: share > 0 && share >= fewestLetters * most }))
}

export function decibels(a, b) {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return sum === 0 ? 99 : 10 * Math.log10(255 ** 2 / (sum / a.length))
}
