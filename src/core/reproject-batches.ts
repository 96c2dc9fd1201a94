import { type Patches, patchedTransform, patchesOf } from '#geo/patched-transform.js'
import { reprojectEwkb } from '#geo/reproject-ewkb.js'
import type { Transform } from '#geo/transform.js'
import { loadKernel } from '#render/kernels/load-kernel.js'
import type { RowBatch } from '#rows/batch.js'
import { rowView } from '#rows/row-view.js'
import { Problem } from './problem.js'

/** What `assembly/project.kernel.ts` exports, and says more of. */
interface ProjectExports {
  readonly memory: WebAssembly.Memory
  layOut(bytes: number, rows: number): void
  inputAt(): number
  offsetsAt(): number
  patchAt(): number
  imageAt(): number
  useSquares(size: number): void
  projectRows(count: number, column: number): void
}

/** What the kernel asks of the batch at hand. */
interface Answers {
  findPatch(column: number, row: number): number
  project(row: number, x: number, y: number): void
  doRow(row: number): void
}

/** One column of geometries, and how they move. */
interface Mover {
  readonly column: number
  readonly transform: Transform
  readonly patches: Patches
}

interface Instance {
  readonly exports: ProjectExports
  readonly ask: { answers?: Answers }
}

/** Batches beyond this do not go through the kernel, whose memory never shrinks. */
const mostBytes = 4 << 20
/** Instances that are kept for the next batches. */
const mostIdle = 4

// Memos: the kernel compiled once a thread, and instances that are idle. Nothing of one batch is there for the next.
let compiled: WebAssembly.Module | undefined
const idle: Instance[] = []

function startInstance(): Instance {
  compiled ??= loadKernel('project')
  const ask: Instance['ask'] = {}
  const host = {
    findPatch: (column: number, row: number) => ask.answers!.findPatch(column, row),
    project(row: number, x: number, y: number): undefined {
      ask.answers!.project(row, x, y)
    },
    doRow(row: number): undefined {
      ask.answers!.doRow(row)
    },
  }
  return { exports: new WebAssembly.Instance(compiled, { 'project.kernel': host }).exports as unknown as ProjectExports, ask }
}

/**
 * The batches with geometries brought into other CRSs, by the transforms of their columns: the rows lie in memory that is used again for the next batch, or
 * where they lay. Throws EwkbError, ValueError, and a Problem where a feature has no place in `crs`. Hot path.
 */
export async function* reprojectedBatches(
  batches: AsyncIterable<RowBatch>,
  transforms: readonly (Transform | undefined)[],
  crs: string,
): AsyncGenerator<RowBatch, void> {
  const movers = transforms.flatMap((transform, column): Mover[] =>
    transform ? [{ column, transform, patches: patchesOf(transform) }] : [],
  )
  const instance = idle.pop() ?? startInstance()
  try {
    for await (const batch of batches) {
      if (batch.bytes.length <= mostBytes) yield moved(instance, batch, movers, crs)
      else {
        for (const mover of movers) for (let row = 0; row < batch.count; row++) moveRow(batch, row, mover, crs)
        yield batch
      }
    }
  } finally {
    instance.ask.answers = undefined
    if (idle.length < mostIdle) idle.push(instance)
  }
}

/** A batch in the memory of the kernel, moved. */
function moved({ exports, ask }: Instance, batch: RowBatch, movers: readonly Mover[], crs: string): RowBatch {
  const { count, offsets } = batch
  exports.layOut(batch.bytes.length, count)
  const { buffer } = exports.memory
  const bytes = new Uint8Array(buffer, exports.inputAt(), batch.bytes.length)
  bytes.set(batch.bytes)
  new Int32Array(buffer, exports.offsetsAt(), count + 1).set(offsets)
  const patch = new Float64Array(buffer, exports.patchAt(), 32)
  const image = new Float64Array(buffer, exports.imageAt(), 2)
  const result = { ...batch, bytes }
  for (const mover of movers) {
    const { column, transform, patches } = mover
    ask.answers = {
      findPatch(column, row) {
        const found = patches.find(column, row)
        if (!found) return 0
        for (let k = 0; k < 16; k++) {
          patch[2 * k] = found[k === 0 ? 0 : k + 1]
          patch[2 * k + 1] = found[k === 0 ? 1 : k + 16]
        }
        return 1
      },
      project(row, x, y) {
        if (!transform.into(x, y, image, 0)) throw placeless(batch, row, crs)
      },
      doRow(row) {
        const view = rowView(batch).at(row)
        const field = view.bytes(column)
        if (field) bytes.set(field, view.start(column))
        moveRow(result, row, mover, crs)
      },
    }
    exports.useSquares(patches.size)
    exports.projectRows(count, column)
  }
  return result
}

/** Moves the geometry of one row where it lies. */
function moveRow(batch: RowBatch, row: number, { column, transform, patches }: Mover, crs: string): void {
  const shape = rowView(batch).at(row).bytes(column)
  if (shape && !reprojectEwkb(shape, transform.into, patchedTransform(transform, patches))) throw placeless(batch, row, crs)
}

const placeless = (batch: RowBatch, row: number, crs: string) =>
  new Problem(
    'invalid-parameter',
    `The feature ${rowView(batch).at(row).text(0)} lies where ${crs} has no coordinates; another CRS would work.`,
    { locator: 'crs' },
  )
