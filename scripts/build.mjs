// Builds what `dist/` needs, and only what is out of date: TypeScript, the WebAssembly kernels, the prepared database, all at once; and the
// photograph of the demo.
// --tests also compiles `test/` into `.build/test`.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = name => join(root, 'node_modules', '.bin', name)

/** Runs a command to its end; a failure ends the build with its exit code. */
function run(command, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', code => (code === 0 ? resolve() : process.exit(code ?? 1)))
  })
}

/** The newest modification time below `path`, in milliseconds; 0 when nothing is there. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))))
}

async function buildTypeScript() {
  removeOrphans('src', 'dist')
  await run(bin('tsc'), '-p', '.')
  if (!process.argv.includes('--tests')) return
  removeOrphans('test', '.build/test')
  await run(bin('tsc'), '-p', 'test')
}

/** Removes what was compiled from sources that are gone: imports of it would be found here, and nowhere else. */
function removeOrphans(source, target) {
  if (!existsSync(join(root, target))) return
  for (const name of readdirSync(join(root, target), { recursive: true })) {
    const compiled = name.match(/^(.*)\.(js|js\.map|d\.ts|d\.ts\.map)$/)
    if (compiled && !existsSync(join(root, source, `${compiled[1]}.ts`))) rmSync(join(root, target, name))
  }
}

/** Memory that is handed to a kernel, not its own: one page at least, for its constants. */
const sharedMemory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--enable', 'threads']

async function buildKernels() {
  const source = join(root, 'src/render/kernels/assembly')
  const target = join(root, 'dist/render/kernels')
  mkdirSync(target, { recursive: true })
  for (const file of readdirSync(source).filter(name => name.endsWith('.kernel.ts'))) {
    const wasm = join(target, file.replace('.kernel.ts', '.wasm'))
    if (newest(wasm) > newest(source)) continue
    await run(
      bin('asc'),
      join(source, file),
      '-o',
      wasm,
      '-O3',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--noAssert',
      '--disableWarning',
      '112',
      ...(file.startsWith('shared-') ? sharedMemory : []),
    )
  }
}

async function buildPhotograph() {
  const photograph = join(root, 'fixtures/demo/orthophoto.tif')
  if (newest(photograph) > newest(join(root, 'fixtures/demo-maker'))) return
  await run(process.execPath, join(root, 'fixtures/make-demo.mjs'), join(root, 'fixtures/demo'), 'orthophoto.tif')
}

await Promise.all([buildPhotograph(), run(process.execPath, join(root, 'scripts/prepare-database.mjs')), buildTypeScript(), buildKernels()])
