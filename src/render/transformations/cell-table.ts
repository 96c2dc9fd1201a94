/** Numbers, 0 and up, by column and row: a hash table of integers, several times faster than a `Map` of pairs. Cells 2^32 apart are one. */
export class CellTable {
  #columns = new Int32Array(1024)
  #rows = new Int32Array(1024)
  #values = new Int32Array(1024).fill(-1)
  #count = 0

  /** -1 where there is none. */
  get(column: number, row: number): number {
    return this.#values[this.#slotOf(column | 0, row | 0)]
  }

  set(column: number, row: number, value: number): void {
    const slot = this.#slotOf(column | 0, row | 0)
    if (this.#values[slot] < 0) this.#count++
    this.#columns[slot] = column | 0
    this.#rows[slot] = row | 0
    this.#values[slot] = value
    if (2 * this.#count > this.#values.length) this.#grow()
  }

  /** Where a cell is, or would be. */
  #slotOf(column: number, row: number): number {
    const last = this.#values.length - 1
    let hash = Math.imul(Math.imul(column, 0x9e3779b1) ^ row, 0x85ebca6b)
    hash = (hash ^ (hash >>> 15)) & last
    while (this.#values[hash] >= 0 && (this.#columns[hash] !== column || this.#rows[hash] !== row)) hash = (hash + 1) & last
    return hash
  }

  #grow(): void {
    const [columns, rows, values] = [this.#columns, this.#rows, this.#values]
    const size = 2 * values.length
    this.#columns = new Int32Array(size)
    this.#rows = new Int32Array(size)
    this.#values = new Int32Array(size).fill(-1)
    this.#count = 0
    for (const [i, value] of values.entries()) if (value >= 0) this.set(columns[i], rows[i], value)
  }
}
