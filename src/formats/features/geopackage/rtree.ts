import { type FileHandle, open } from 'node:fs/promises'
import { setImmediate as macrotask } from 'node:timers/promises'
import type { Database } from 'node-sqlite3-wasm'
import type { Bbox } from '#geo/bbox.js'
import { recordReader } from '../hilbert/box-records.js'
import { type Box, emptyBox, growBox, isEmptyBox, sortAlongHilbert } from '../hilbert/hilbert-order.js'
import { LittleSink } from '../little-sink.js'
import { extension, quoted } from './geopackage-schema.js'
import { rtreeNodes } from './rtree-nodes.js'

/** An R-tree over a column, as the extension `gpkg_rtree_index` names it (OGC 12-128r19, annex F.3). */
export interface RtreeOf {
  readonly table: string
  readonly fid: string
  readonly geometry: string
}

/** Gathers the boxes of features in a temporary file, then writes the tree. */
export interface RtreeBuilder {
  add(fid: number | bigint, box: Bbox): void
  /** To be awaited between batches. */
  flush(): Promise<void>
  /** Writes the tree into the database; returns the box around all. */
  finish(database: Database): Promise<Bbox | undefined>
  close(): Promise<void>
}

const rtreeName = ({ table, geometry }: RtreeOf) => `rtree_${table}_${geometry}`

/**
 * SQLite's R-tree written without its module, which is not in this build of SQLite: the shadow tables that SQLite documents, packed along a Hilbert curve,
 * and the virtual table over them. That is also much quicker than one insertion after the other. `path`: of the temporary file.
 */
export async function rtreeBuilder(path: string, rtree: RtreeOf): Promise<RtreeBuilder> {
  const records = await open(path, 'w+')
  const sink = new LittleSink(256 * 1024)
  const all = emptyBox()
  let count = 0
  const flush = async () => {
    await records.writeFile(sink.bytes.subarray(0, sink.at))
    sink.at = 0
  }
  return {
    add(fid, box) {
      growBox(all, ...box)
      for (const ordinate of box) sink.f64(ordinate)
      sink.room(16)
      sink.view.setBigInt64(sink.at, BigInt(fid), true)
      sink.at += 16
      count++
    },
    flush,
    async finish(database) {
      await flush()
      await writeTree(database, rtree, records, count, all)
      register(database, rtree)
      return isEmptyBox(all) ? undefined : [all.minX, all.minY, all.maxX, all.maxY]
    },
    close: () => records.close(),
  }
}

/** Rows after which the server may breathe. */
const rowsAtOnce = 2000

async function writeTree(database: Database, rtree: RtreeOf, records: FileHandle, count: number, box: Box): Promise<void> {
  const name = rtreeName(rtree)
  const [rowids, nodes, parents] = ['_rowid', '_node', '_parent'].map(suffix => quoted(name + suffix))
  database.exec(`CREATE TABLE ${rowids}(rowid INTEGER PRIMARY KEY,nodeno); CREATE TABLE ${nodes}(nodeno INTEGER PRIMARY KEY,data);
    CREATE TABLE ${parents}(nodeno INTEGER PRIMARY KEY,parentnode);`)
  const [putRowid, putNode, putParent] = [rowids, nodes, parents].map(table => database.prepare(`INSERT INTO ${table} VALUES (?, ?)`))
  try {
    const order = await sortAlongHilbert(records, count, box)
    const read = recordReader(records)
    // of each record the leaf it is in: the table of row ids is filled in the order of the rows, not of the tree
    const leafOf = new Int32Array(count)
    const tree = rtreeNodes(
      count,
      (node, data) => putNode.run([node, data]),
      (node, parent) => putParent.run([node, parent]),
    )
    for (let rank = 0; rank < count; rank++) {
      const index = order(rank)
      const record = read(index)
      leafOf[index] = tree.add(
        record.getBigInt64(32, true),
        record.getFloat64(0, true),
        record.getFloat64(8, true),
        record.getFloat64(16, true),
        record.getFloat64(24, true),
      )
      if (rank % rowsAtOnce === 0) await macrotask()
    }
    tree.end()
    for (let index = 0; index < count; index++) {
      putRowid.run([read(index).getBigInt64(32, true), leafOf[index]])
      if (index % rowsAtOnce === 0) await macrotask()
    }
  } finally {
    for (const statement of [putRowid, putNode, putParent]) statement.finalize()
  }
}

/** The virtual table, the triggers that keep it true when others edit the file (their functions come with the readers), and the word that it is there. */
function register(database: Database, rtree: RtreeOf): void {
  const [name, table] = [rtreeName(rtree), quoted(rtree.table)]
  const [index, fid, geometry] = [quoted(name), quoted(rtree.fid), quoted(rtree.geometry)]
  database.exec('PRAGMA writable_schema = ON')
  database.run("INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, 0, ?)", [
    name,
    name,
    `CREATE VIRTUAL TABLE ${index} USING rtree(id, minx, maxx, miny, maxy)`,
  ])
  database.exec('PRAGMA writable_schema = RESET')
  const box = `NEW.${fid}, ST_MinX(NEW.${geometry}), ST_MaxX(NEW.${geometry}), ST_MinY(NEW.${geometry}), ST_MaxY(NEW.${geometry})`
  const put = `INSERT OR REPLACE INTO ${index} VALUES (${box});`
  const drop = `DELETE FROM ${index} WHERE id = OLD.${fid};`
  const isThere = `(NEW.${geometry} NOTNULL AND NOT ST_IsEmpty(NEW.${geometry}))`
  const isGone = `(NEW.${geometry} ISNULL OR ST_IsEmpty(NEW.${geometry}))`
  const triggers: readonly (readonly [name: string, when: string, condition: string, does: string])[] = [
    ['insert', 'INSERT', `(NEW.${geometry} NOT NULL AND NOT ST_IsEmpty(NEW.${geometry}))`, put],
    ['update1', `UPDATE OF ${geometry}`, `OLD.${fid} = NEW.${fid} AND ${isThere}`, put],
    ['update2', `UPDATE OF ${geometry}`, `OLD.${fid} = NEW.${fid} AND ${isGone}`, drop],
    ['update3', 'UPDATE', `OLD.${fid} != NEW.${fid} AND ${isThere}`, `${drop} ${put}`],
    ['update4', 'UPDATE', `OLD.${fid} != NEW.${fid} AND ${isGone}`, `DELETE FROM ${index} WHERE id IN (OLD.${fid}, NEW.${fid});`],
    ['delete', 'DELETE', `OLD.${geometry} NOT NULL`, drop],
  ]
  for (const [suffix, when, condition, does] of triggers)
    database.exec(`CREATE TRIGGER ${quoted(`${name}_${suffix}`)} AFTER ${when} ON ${table} WHEN ${condition} BEGIN ${does} END;`)
  extension(database, [rtree.table, rtree.geometry, 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only'])
}
