/**
 * Deliberate faults, each a small replacement in one file of a copy of `dist/`, and the instrument that must see it. `find` stands there exactly once:
 * a test says so before anything is broken.
 */
export const breakages = [
  {
    name: 'axes',
    what: 'latitude and longitude swapped in WMS 1.3.0 EPSG:4326',
    file: 'dist/protocols/wms/map-frame.js',
    find: 'bbox: isFlipped ? flipBbox(bbox) : bbox }',
    put: 'bbox }',
    instrument: 'replays',
  },
  {
    name: 'layer',
    what: 'the first layer dropped from the atlas',
    file: 'dist/core/build-atlas.js',
    find: 'verdicts.push(...judgeNames(plan, collections));',
    put: 'collections.delete([...collections.keys()][0]); verdicts.push(...judgeNames(plan, collections));',
    instrument: 'conformance',
  },
  {
    name: 'sleep',
    what: '300 ms of sleep in every map',
    file: 'dist/core/draw-map.js',
    find: 'return renderer.draw(job, signal);',
    put: 'await new Promise(resolve => setTimeout(resolve, 300)); return renderer.draw(job, signal);',
    instrument: 'bench',
  },
  {
    name: 'leak',
    what: '1 MB kept for ever with every request',
    file: 'dist/server.js',
    find: 'const started = performance.now();',
    put: 'const started = performance.now(); (globalThis.kept ??= []).push(Buffer.alloc(1e6, 1));',
    instrument: 'fuzz wms',
  },
  {
    name: 'length',
    what: 'the end of a geometry not looked for',
    file: 'dist/geo/ewkb-cursor.js',
    find: 'if (this.position + length > this.bytes.length)',
    put: 'if (false)',
    instrument: 'fuzz ewkb',
  },
  {
    name: 'log',
    what: 'the fault of a client logged as an error',
    file: 'dist/protocols/wms/index.js',
    find: "if (problem.kind === 'internal')",
    put: 'if (true)',
    instrument: 'fuzz wms',
  },
]

/** The text of a file with a fault in it. Throws when the place is not there, or there twice. */
export function broken(text, { name, file, find, put }) {
  const places = text.split(find).length - 1
  if (places !== 1) throw new Error(`The sabotage "${name}" finds its place in ${file} ${places} times, where it should once.`)
  return text.replace(find, () => put)
}
