import { Problem } from '#core/problem.js'

/** A filter that this database cannot be asked exactly; `splitFilter` takes out what it can be. */
export class NotInSql extends Problem {
  constructor(what: string) {
    super('unsupported', `A database cannot be asked for ${what} as part of a filter.`)
    this.name = 'NotInSql'
  }
}
