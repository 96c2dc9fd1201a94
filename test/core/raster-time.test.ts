import t from 'tap'
import { timeOfName, timeOfTag } from '#core/raster-time.js'

t.test('times are read from names by their groups', async t => {
  const pattern = /_(?<year>\d{4})(?:-(?<month>\d\d)(?:-(?<day>\d\d))?)?[_.]/
  t.equal(timeOfName(pattern, 'bdortho_2019_0650.tif'), Date.UTC(2019, 0, 1))
  t.equal(timeOfName(pattern, 'a/bdortho_2019-07-14_x.tif'), Date.UTC(2019, 6, 14))
  t.equal(timeOfName(pattern, 'bdortho.tif'), undefined)
  t.equal(timeOfName(pattern, 'bdortho_2019-17-14_x.tif'), undefined, 'no such month')
})

t.test('the DateTime of a TIFF is a time', async t => {
  t.equal(timeOfTag('2010:06:29 10:30:05'), Date.UTC(2010, 5, 29, 10, 30, 5))
  t.equal(timeOfTag('yesterday'), undefined)
})
