// Builds what `dist/` needs, and only what is out of date: TypeScript, the WebAssembly kernels, the prepared database.
// --tests also compiles `test/` into `.build/test`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = name => join(root, 'node_modules', '.bin', name)

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/** The newest modification time below `path`, in milliseconds; 0 when nothing is there. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))))
}

run(bin('tsc'), '-p', '.')

const kernels = join(root, 'src/render/kernels/assembly')
if (existsSync(kernels)) {
  const out = join(root, 'dist/render/kernels')
  mkdirSync(out, { recursive: true })
  for (const file of readdirSync(kernels).filter(name => name.endsWith('.kernel.ts'))) {
    const wasm = join(out, file.replace('.kernel.ts', '.wasm'))
    if (newest(wasm) > newest(kernels)) continue
    run(bin('asc'), join(kernels, file), '-o', wasm, '-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert')
  }
}

const prepare = join(root, 'scripts/prepare-database.mjs')
if (existsSync(prepare)) run(process.execPath, prepare)

if (process.argv.includes('--tests')) run(bin('tsc'), '-p', 'test')
