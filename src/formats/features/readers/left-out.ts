/** Tells that a value cannot be kept: what is wrong with it, and where. */
export type LeaveOut = (what: string, place: () => string) => null

/** Counts values that are left empty, in one note per kind of fault that grows while the rows are read: “…: left empty, 3 times, first in row 12.” */
export function leftOutCounter(notes: string[]): LeaveOut {
  const counts = new Map<string, { readonly at: number; readonly first: string; times: number }>()
  return (what, place) => {
    let count = counts.get(what)
    if (!count) {
      count = { at: notes.push('') - 1, first: place(), times: 0 }
      counts.set(what, count)
    }
    count.times++
    notes[count.at] = `${what}: left empty, ${count.times === 1 ? `in ${count.first}` : `${count.times} times, first in ${count.first}`}.`
    return null
  }
}
