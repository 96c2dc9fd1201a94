import type { Judged } from './ratchet.js'

/** One line of the table. */
export interface Row {
  readonly part: string
  readonly judged: readonly Judged[]
  /** Shown in place of numbers where the part did not run. */
  readonly absent?: string
  readonly seconds: number
}

const standings = ['passed', 'gained', 'red', 'void', 'lost', 'unlisted'] as const

/** Everything that is not as it was. */
export function printFindings({ part, judged }: Row): void {
  const show = (standing: Judged['standing'], word: string) => {
    for (const { name, message = '' } of judged.filter(result => result.standing === standing))
      console.log(`${word} ${part}: ${name}${message && `\n     ${message}`}`)
  }
  show('lost', 'LOST')
  show('unlisted', 'RED ')
  show('gained', 'new ')
}

/** The table, and the numbers of all. A red result that is listed with its reason is known, and no failure. */
export function printTable(rows: readonly Row[]): { readonly passed: number; readonly failed: number } {
  const head = ['', ...standings, 'requests', 'seconds']
  const lines = rows.map(({ part, judged, absent, seconds }) => {
    if (absent !== undefined) return [part, `absent: ${absent}`]
    const numbers = standings.map(standing => judged.filter(result => result.standing === standing).length)
    const asked = judged.reduce((sum, result) => sum + result.asked, 0)
    return [part, ...numbers.map(String), String(asked), seconds.toFixed(1)]
  })
  const wide = Math.max(...lines.map(([part]) => part.length))
  for (const [part, ...cells] of [head, ...lines])
    console.log(`${part.padEnd(wide)}  ${cells.length === 1 ? cells[0] : cells.map(cell => cell.padStart(8)).join(' ')}`)
  const all = rows.flatMap(({ judged }) => judged)
  const number = (...wanted: readonly Judged['standing'][]) => all.filter(({ standing }) => wanted.includes(standing)).length
  console.log(`\n${number('red')} are red for reasons that expected.json states, ${number('void')} had nothing to try.`)
  return { passed: number('passed', 'gained'), failed: number('lost', 'unlisted') }
}
