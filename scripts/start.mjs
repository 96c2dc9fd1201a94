// `npm start -- <arguments>`: builds what is out of date, then `arpent serve <arguments>` in this very process.
import './build.mjs'

process.argv = [process.argv[0], new URL('../dist/main.js', import.meta.url).pathname, 'serve', ...process.argv.slice(2)]
await import('../dist/main.js')
