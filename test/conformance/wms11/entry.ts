import assert from 'node:assert/strict'
import { headerOf } from '../ask.js'
import type { Answer, Entry, Trial } from '../suite.js'
import { expectException } from '../wms/exceptions.js'
import { expectType, mapFormat, type WmsWorld } from '../wms/world.js'

/** Entries of one clause of WMS 1.1.1 (OGC 01-068r3), whose official names begin alike. */
export const clause =
  (clause: string, prefix: string) =>
  (id: string | number, asserts: string, trials: Entry<WmsWorld>['trials']): Entry<WmsWorld> => ({
    id: `wms:${prefix}${id}`,
    clause: `OGC 01-068r3, ${clause}`,
    asserts,
    trials,
  })

export type Ask = (world: WmsWorld) => string

/** The answer is an image of the format listed first. */
export const image =
  (ask: Ask): Entry<WmsWorld>['trials'] =>
  world => ({ asks: [ask(world)], judge: ([answer]) => expectType(answer, mapFormat(world)) })

/** The answer is of that type. */
export const typed =
  (ask: Ask, type: (world: WmsWorld) => string): Entry<WmsWorld>['trials'] =>
  world => ({ asks: [ask(world)], judge: ([answer]) => expectType(answer, type(world)) })

/** The answer is an exception, of that code if given. */
export const exception =
  (ask: Ask, code?: string): Entry<WmsWorld>['trials'] =>
  world => ({ asks: [ask(world)], judge: ([answer]) => expectException(answer, code) })

/** The capabilities alone are looked at. */
export const look =
  (check: (world: WmsWorld) => void): Entry<WmsWorld>['trials'] =>
  world => {
    check(world)
    return []
  }

export const trial = (ask: Ask, judge: (answer: Answer, world: WmsWorld) => void | Promise<void>): Entry<WmsWorld>['trials'] => {
  return (world): Trial => ({ asks: [ask(world)], judge: ([answer]) => judge(answer, world) })
}

/** Two official tests look for the header by its name letter by letter. */
export function expectSpelledType(answer: Answer, type: string): void {
  const value = answer.headers.find(([name]) => name === 'Content-Type')?.[1]
  assert.ok(
    value?.includes(type),
    `a header spelled Content-Type with ${type} was expected, ${value ?? headerOf(answer, 'content-type')} came`,
  )
}
