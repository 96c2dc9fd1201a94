import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { graphicOf } from '#render/brushes/graphic-brush.js'
import { openIconBook } from '#render/brushes/icon-book.js'
import { createIconShelf } from '#render/icon-shelf.js'
import type { PreparedImage } from '#render/pens.js'
import { prepareIcon } from '#render/prepare-icon.js'
import { unlessAll } from '../support/programs.js'

const svg = (inner: string, attributes = 'width="20" height="10"') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inner}</svg>`)
const pixel = ({ width, bytes }: PreparedImage, x: number, y: number) => [...bytes.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)]
const full = '<rect width="100%" height="100%" '

t.test('icons have the size asked for, exactly', async t => {
  for (const size of [1, 7, 10, 33, 200]) {
    const icon = await prepareIcon(svg(`${full} fill="#123456"/>`), { size })
    t.same([icon.width, icon.height, icon.bytes.length], [size * 2, size, size * size * 8])
    t.same(pixel(icon, icon.width - 1, size - 1), [0x12, 0x34, 0x56, 255], 'to the last pixel')
  }
  const natural = await prepareIcon(svg(`${full}/>`), { pixelRatio: 1.5 })
  t.same([natural.width, natural.height], [30, 15], 'its own size, in pixels of the map')
  const box = await prepareIcon(svg(`${full}/>`, 'viewBox="0 0 50 100"'), { size: 40 })
  t.same([box.width, box.height], [20, 40], 'a view box alone gives the shape')
})

t.test('icons without a size are as large as their file, times the scale of the style and that of the map', async t => {
  const icons = openIconBook(createIconShelf({ load: async () => svg(`${full}/>`) }))
  const refuse = () => {
    throw new Error('Nothing here is computed, and nothing is a pattern.')
  }
  const compiler = { filter: refuse, expression: refuse }
  const tools = { scale: { scaleDenominator: 1000, pixelRatio: 2 }, compiler, icons, spareKernel: refuse }
  const scales = [undefined, 1.5, 0.25, 0]
  const ask = () =>
    scales.map(scale => {
      const drawn = graphicOf({ shapes: [{ kind: 'icon', href: 'a.svg' }], isOptional: true, ...(scale !== undefined && { scale }) }, tools)
      return 'fixed' in drawn && drawn.fixed && [drawn.fixed.graphic.width, drawn.fixed.graphic.height]
    })
  ask()
  await icons.load()
  t.same(ask(), [[40, 20], [60, 30], [10, 5], undefined])
})

t.test('PNG, JPEG, WebP and GIF are read, turned as their EXIF says, and premultiplied', async t => {
  const picture = sharp({ create: { width: 8, height: 4, channels: 4, background: { r: 255, g: 100, b: 0, alpha: 0.5 } } })
  for (const format of ['png', 'webp', 'gif', 'jpeg'] as const) {
    const icon = await prepareIcon(await picture.clone().toFormat(format, { quality: 100 }).toBuffer(), {})
    t.same([icon.width, icon.height], [8, 4], format)
    if (format === 'png') t.same(pixel(icon, 3, 2), [128, 50, 0, 128])
  }
  const turned = await prepareIcon(await picture.clone().jpeg().withMetadata({ orientation: 6 }).toBuffer(), { size: 8 })
  t.same([turned.width, turned.height], [4, 8])
  await t.rejects(prepareIcon(await picture.clone().tiff().toBuffer(), {}), /format tiff .* PNG/)
})

t.test('parameters of SVGs are filled in, with their defaults, and as nothing but values', async t => {
  const icon = svg(
    `${full} fill="param(fill) #00ff00" fill-opacity="param(fill-opacity)" stroke="param(outline)" stroke-width="param(outline-width) 0"/>`,
  )
  const colorOf = async (parameters: Record<string, string | number>) => pixel(await prepareIcon(icon, { parameters }), 10, 5)
  t.same(await colorOf({}), [0, 255, 0, 255])
  t.same(await colorOf({ fill: '#ff0000' }), [255, 0, 0, 255])
  t.same(await colorOf({ fill: '#ff0000', 'fill-opacity': 0.5 }), [128, 0, 0, 128])
  t.same(await colorOf({ fill: '"/><script/><a b="' }), [0, 255, 0, 255], 'what could change the document is not taken')
  const css = svg(`<style>rect { fill: param(fill) blue; stroke: none }</style>${full}/>`)
  t.same(pixel(await prepareIcon(css, { parameters: { fill: 'red' } }), 5, 5), [255, 0, 0, 255], 'in style sheets, too')
})

t.test('DOCTYPEs of drawing programs are read over; nothing is ever fetched', async t => {
  const doctype = Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n${svg(`${full}/>`)}`,
  )
  t.equal((await prepareIcon(doctype, { size: 5 })).height, 5)
  const illustrator = Buffer.from(
    `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.0//EN" "x.dtd" [\n<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n<!ENTITY ink "#ff0000">]>` +
      '<svg xmlns="&ns_svg;" width="4" height="4"><rect width="4" height="4" fill="&ink;"/></svg>',
  )
  t.same(pixel(await prepareIcon(illustrator, {}), 2, 2), [255, 0, 0, 255], 'entities that name namespaces, as Illustrator writes them')
  const wide = `<!DOCTYPE svg [<!ENTITY a "${'a'.repeat(200)}">]>${svg(`<text>${'&a;'.repeat(6000)}</text>`)}`
  await t.rejects(prepareIcon(Buffer.from(wide), {}), /bytes/, 'and no more than those')
  let asked = 0
  const server = createServer((_, response) => {
    asked++
    response.end()
  }).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.png`
  const outside = [
    `<image href="${address}" width="5" height="5"/>`,
    `<image xlink:href="${address}" width="5" height="5"/>`,
    '<image href="file:///etc/hostname" width="5" height="5"/>',
    '<use href="../other.svg#a"/>',
    `<rect fill="url(${address}#a)" width="5" height="5"/>`,
    `<style>@import "${address}";</style>`,
    `<style>rect { fill: url('${address}#a') }</style>`,
    '<image href="data:image/svg+xml,&lt;svg/&gt;" width="5" height="5"/>',
    '<script>1</script>',
  ]
  for (const inner of outside) await t.rejects(prepareIcon(svg(inner), { size: 8 }), { name: 'RenderError', reason: 'invalid' }, inner)
  t.equal(asked, 0)
})

t.test('what is broken, hostile or too large is refused with a reason', async t => {
  const bomb = Buffer.from('<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>')
  const cases: [string, Uint8Array, object, RegExp][] = [
    ['no picture', Buffer.from('hello'), {}, /cannot be read/],
    ['empty', new Uint8Array(), {}, /cannot be read/],
    ['cut off', svg('<g>').subarray(0, 60), {}, /line 1/],
    ['many DOCTYPEs', Buffer.from(`<?xml version="1.0"?>${'<!DOCTYPE '.repeat(90_000)}`), {}, /DOCTYPE|line 1/],
    ['not SVG', Buffer.from('<?xml version="1.0"?><html/>'), {}, /element svg, not with html/],
    ['entities', bomb, {}, /./],
    ['deep', svg('<g>'.repeat(200) + '</g>'.repeat(200)), {}, /./],
    ['long', svg(' '.repeat(1_100_000)), {}, /bytes/],
    ['huge', svg(`${full}/>`), { size: 5000 }, /10000 x 5000/],
    ['wide', svg(`${full}/>`, 'width="100000" height="1"'), { size: 100 }, /pixels/],
    ['no size', svg(`${full}/>`), { size: Number.NaN }, /pixels/],
  ]
  for (const [what, bytes, look, message] of cases) await t.rejects(prepareIcon(bytes, look), { name: 'RenderError', message }, what)
  const uses = Array.from({ length: 12 }, (_, i) => `<g id="g${i + 1}">${`<use href="#g${i}"/>`.repeat(10)}</g>`).join('')
  await t.rejects(
    prepareIcon(svg(`<g id="g0"><rect width="1" height="1"/></g>${uses}<use href="#g12"/>`), { size: 10 }),
    { name: 'RenderError', message: /20000 elements/ },
    'a bomb of uses',
  )
  t.equal((await prepareIcon(svg(`${full}/>`, 'width="100000" height="100000"'), { size: 10 })).height, 10, 'a large drawing, small')
})

t.test('the shelf asks its loader once, decodes data: itself, forgets failures, and is bounded', async t => {
  const asked: string[] = []
  let isBroken = true
  const shelf = createIconShelf({
    maxBytes: 20_000,
    load: async href => {
      asked.push(href)
      if (href === 'broken.svg' && isBroken) throw new Error('gone')
      return svg(`${full} fill="param(fill) red"/>`)
    },
  })
  const [first, second] = await Promise.all([shelf.get('a.svg', { size: 10 }), shelf.get('a.svg', { size: 10 })])
  t.equal(first, second)
  t.same(asked, ['a.svg'])
  const blue = await shelf.get('a.svg', { size: 10, parameters: { fill: 'blue' } })
  t.same(pixel(blue, 3, 3), [0, 0, 255, 255], 'another colour is another icon')
  for (const href of [
    `data:image/svg+xml;base64,${svg(`${full} fill="lime"/>`).toString('base64')}`,
    `data:image/svg+xml,${encodeURIComponent(svg(`${full} fill="lime"/>`).toString())}`,
  ])
    t.same(pixel(await shelf.get(href, {}), 3, 3), [0, 255, 0, 255])
  t.same(asked.length, 2, 'data: is not asked for')
  await t.rejects(shelf.get('data:image/png', {}), { name: 'RenderError' })
  await t.rejects(shelf.get('data:,%zz', {}), { name: 'RenderError' })
  await t.rejects(shelf.get('broken.svg', {}), /gone/)
  isBroken = false
  t.ok(await shelf.get('broken.svg', {}))
  for (let size = 1; size < 60; size++) {
    await shelf.get('a.svg', { size })
    t.ok(shelf.bytes <= 20_000)
  }
})

/** Those that come with QGIS, which styles from there refer to. */
const ofQgis = '/usr/share/qgis/svg'

t.test('the SVGs of QGIS are drawn', { skip: unlessAll(!existsSync(ofQgis) && 'QGIS is not installed') }, async t => {
  const files = readdirSync(ofQgis, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.svg'))
  for (const name of files.filter((_, i) => i % 9 === 0)) {
    const { bytes } = await prepareIcon(readFileSync(join(ofQgis, name)), { size: 48, parameters: { fill: '#ff0000', 'outline-width': 3 } })
    t.ok(
      bytes.some(v => v > 0),
      name,
    )
  }
})
