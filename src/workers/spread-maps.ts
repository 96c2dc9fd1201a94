import type { EncodedImage } from '#core/queries.js'

/** A map that can be drawn here, or by somebody else. */
export interface EitherMap {
  here(): Promise<EncodedImage>
  elsewhere(): Promise<EncodedImage>
}

/** Maps that wait for the end of the turn. */
export interface SpreadMaps {
  draw(map: EitherMap): Promise<EncodedImage>
  readonly waiting: number
}

/**
 * Spreads maps over threads once there are several of them: one is drawn here in each turn of the event loop, after everything that came in this
 * turn is known, and those that would wait for it go to whoever `mayTake` them. A map that comes alone is always drawn here.
 */
export function spreadMaps(mayTake: () => boolean): SpreadMaps {
  const queue: ((isHere: boolean) => void)[] = []
  const turn = () => {
    while (queue.length > 1 && mayTake()) queue.shift()!(false)
    queue.shift()?.(true)
    if (queue.length > 0) setImmediate(turn)
  }
  return {
    draw: map =>
      new Promise((resolve, reject) => {
        if (queue.length === 0) setImmediate(turn)
        queue.push(isHere => void (isHere ? map.here() : map.elsewhere()).then(resolve, reject))
      }),
    get waiting() {
      return queue.length
    },
  }
}
