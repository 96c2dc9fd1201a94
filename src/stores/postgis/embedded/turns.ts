/** Whose turn it is: clients alternate, and each one's jobs stay in order. While one holds the lock, only its own are taken. */
export class Turns<Client, Job> {
  readonly #queues = new Map<Client, Job[]>()
  #holder: Client | undefined

  get holder(): Client | undefined {
    return this.#holder
  }

  add(client: Client, job: Job): void {
    const queue = this.#queues.get(client)
    if (queue) queue.push(job)
    else this.#queues.set(client, [job])
  }

  /** The next job, taken out; its client goes to the end of the line. */
  next(): { readonly client: Client; readonly job: Job } | undefined {
    for (const [client, queue] of this.#queues) {
      if (this.#holder !== undefined && client !== this.#holder) continue
      const job = queue.shift()!
      this.#queues.delete(client)
      if (queue.length) this.#queues.set(client, queue)
      return { client, job }
    }
    return undefined
  }

  lock(client: Client): void {
    this.#holder = client
  }

  unlock(client: Client): void {
    if (this.#holder === client) this.#holder = undefined
  }

  /** Takes back a job that has not had its turn. */
  forget(client: Client, isMeant: (job: Job) => boolean): void {
    const kept = (this.#queues.get(client) ?? []).filter(job => !isMeant(job))
    if (kept.length) this.#queues.set(client, kept)
    else this.#queues.delete(client)
  }

  /** Forgets a client and everything it asked for. */
  leave(client: Client): void {
    this.#queues.delete(client)
    this.unlock(client)
  }
}
