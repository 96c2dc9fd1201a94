import type { Atlas, Finding, Verdict } from '#core/atlas.js'
import { printable } from '#core/collection-id.js'

/** The verdicts of an atlas for people: what is published as what, what will hurt, what is left out and why. Ends without a line break. */
export function verdictText({ verdicts, collections }: Atlas, { withInfo = true }: { readonly withInfo?: boolean } = {}): string {
  const published = verdicts.filter(({ collection }) => collection !== undefined)
  const leftOut = verdicts.filter(({ collection, findings }) => collection === undefined && (withInfo || findings.some(isTrouble)))
  const width = Math.min(40, Math.max(0, ...published.map(({ collection = '' }) => collection.length)))
  const lines = [
    `${collections.size} ${collections.size === 1 ? 'collection' : 'collections'} published${collections.size > 0 ? ':' : '.'}`,
    ...published.flatMap(({ collection = '', summary, findings }) => [
      `  ${collection.padEnd(width)}  ${summary}`,
      ...findingLines(findings, withInfo),
    ]),
    ...(leftOut.length > 0 ? ['Not published:'] : []),
    ...leftOut.flatMap(({ source, findings }) => [`  ${source}`, ...findingLines(findings, true)]),
  ]
  return lines.map(printable).join('\n')
}

function findingLines(findings: readonly Finding[], withInfo: boolean): string[] {
  return findings
    .filter(finding => withInfo || isTrouble(finding))
    .flatMap(({ severity, message, cure }) => [`    ${severity}: ${message}`, ...(cure === undefined ? [] : [`      cure: ${cure}`])])
}

const isTrouble = ({ severity }: Finding) => severity !== 'info'

/** Whether anything is broken: what exit code 1 of `check` stands for. */
export function isBroken(verdicts: readonly Verdict[]): boolean {
  return verdicts.some(({ findings }) => findings.some(({ severity }) => severity === 'error'))
}

/** The verdicts for programs. */
export function verdictJson({ verdicts, collections }: Atlas): string {
  return JSON.stringify({ status: isBroken(verdicts) ? 'broken' : 'ready', collections: collections.size, verdicts }, null, 2)
}
