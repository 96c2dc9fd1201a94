/** A sum that does not show in which order it was made (Neumaier's algorithm): tiles read rows in orders of their own. */
export class SteadySum {
  #sum = 0
  #lost = 0

  add(value: number): void {
    const sum = this.#sum + value
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - sum + value : value - sum + this.#sum
    this.#sum = sum
  }

  /** To 12 digits. */
  get value(): number {
    const sum = this.#sum + this.#lost
    return Number.isInteger(sum) ? sum : Number(sum.toPrecision(12))
  }
}
