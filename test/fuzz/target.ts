/** What must hold for every case, and what a fault breaks. */
export const invariants = {
  answers: 'no crash, no failure of ours, nothing of the inside told',
  time: 'every case ends, and soon',
  memory: 'no case takes much, and the run does not grow',
  log: 'nothing logged as an error for what a client did',
  'well-formed': 'XML and JSON can be parsed, images decoded, text is of its charset',
  same: 'the same case is answered the same',
} as const

export type Invariant = keyof typeof invariants

export interface Fault {
  readonly invariant: Invariant
  readonly message: string
}

/** A case as what it is made of. Any of the parts may be taken away, and what is left is still a case. */
export interface FuzzCase {
  /** What the parts are applied to: name of a sample; `''` where they stand for themselves. */
  readonly base: string
  readonly parts: readonly unknown[]
}

/** What came of one case. */
export interface Outcome {
  /** How it was taken, for the counts: `read`, `refused`, a status. */
  readonly verdict: string
  /** Equal for equal answers. */
  readonly answer: string
  readonly fault?: Fault
}

/** Something that cases are tried on, in a process that may hang or die without harm. */
export interface Subject<Input> {
  /** Tries one case. Whatever the input does becomes a fault; it starts again after a crash. */
  run(input: Input): Promise<Outcome>
  /** Megabytes its process has now, and how often it was started: growth only counts within one start. */
  memory(): { readonly megabytes: number; readonly starts: number }
  stop(): Promise<void>
}

/** Something to be tried: how cases are made, and on what. */
export interface Target<Input = unknown> {
  readonly name: string
  readonly title: string
  /** Cases in continuous integration. */
  readonly cases: number
  /** Megabytes by which the process may grow during a run. */
  readonly growth: number
  /** The same numbers give the same case. */
  make(random: () => number): FuzzCase
  /** What the subject gets, and a regression file keeps: plain data, and bytes. */
  inputOf(made: FuzzCase): Input
  /** Shorter forms of a part, shortest first, to try when a failure is made small. */
  shorter?(part: unknown): readonly unknown[]
  start(): Promise<Subject<Input>>
}
