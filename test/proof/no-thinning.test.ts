import sharp from 'sharp'
import t from 'tap'
import { nativeWorld } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'

/** Squares of 2 m every 4 m, 64 by 64 of them. */
const side = 64

t.test('a map shows every feature, or says why not', { skip: withoutPrivatePostgres }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  world.sql(`CREATE TABLE squares AS SELECT row_number() OVER ()::integer AS id,
      ST_MakeEnvelope(770001 + 4 * x, 6279001 + 4 * y, 770003 + 4 * x, 6279003 + 4 * y, 2154)::geometry(Polygon, 2154) AS geom
      FROM generate_series(0, ${side - 1}) x, generate_series(0, ${side - 1}) y;
    ALTER TABLE squares ADD PRIMARY KEY (id); CREATE INDEX ON squares USING gist (geom); ANALYZE squares`)
  const bbox = `770000,6279000,${770_000 + 4 * side},${6_279_000 + 4 * side}`
  const mapAt = (address: string, pixels: number) =>
    fetch(
      `${address}/wms?service=WMS&version=1.1.1&request=GetMap&layers=squares&styles=&srs=EPSG:2154&bbox=${bbox}&width=${pixels}&height=${pixels}&format=image/png&transparent=true`,
    )

  await t.test('4,096 polygons, from sixteen pixels each to less than one', async t => {
    const server = await world.serve()
    t.teardown(() => server.stop())
    for (const pixels of [16 * side, 4 * side, 2 * side]) {
      const answer = await mapAt(server.address, pixels)
      t.equal(answer.status, 200)
      const { data } = await sharp(await answer.arrayBuffer())
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
      const step = pixels / side
      let missing = 0
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          // any ink in the quarter where the square lies
          let ink = 0
          for (let py = Math.floor((y + 0.25) * step); py < (y + 0.75) * step; py++)
            for (let px = Math.floor((x + 0.25) * step); px < (x + 0.75) * step; px++) ink = Math.max(ink, data[4 * (py * pixels + px) + 3])
          if (ink < 8) missing++
        }
      }
      t.equal(missing, 0, `${pixels} pixels: every square is there`)
    }
    const { channels } = await sharp(await (await mapAt(server.address, side / 4)).arrayBuffer()).stats()
    t.ok(channels[3].min > 20, '16 of them in a pixel: it is not left blank anywhere')
  })

  await t.test('beyond the bound it is an exception, never a part', async t => {
    const server = await world.serve('limits: { mapFeatures: 4000 }')
    t.teardown(() => server.stop())
    const answer = await mapAt(server.address, 256)
    t.equal(answer.status, 400)
    t.match(await answer.text(), /more than 4000 features/)
  })
})
