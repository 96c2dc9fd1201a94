import { define } from './define-function.js'

/** What leaves the numbers, a division by zero or an overflow, is null; what came in infinite or not a number goes out so. */
const kept = (result: number, ...args: number[]) => (Number.isFinite(result) || !args.every(Number.isFinite) ? result : null)

const one = (names: string, f: (x: number) => number) => define(names, 'number', 'number', (x: number) => kept(f(x), x))
const two = (names: string, f: (x: number, y: number) => number) =>
  define(names, 'number number', 'number', (x: number, y: number) => kept(f(x, y), x, y))

function rounded(x: number, places = 0): number | null {
  const scale = 10 ** Math.max(-20, Math.min(20, Math.trunc(places)))
  // By way of text where it can be: 1.005 times 100 is less than 100.5.
  const text =
    places > 0 && Math.abs(x) < 1e15 ? Number(`${Math.round(Number(`${x}e${Math.trunc(places)}`))}e-${Math.trunc(places)}`) : Number.NaN
  return Number.isFinite(text) ? text : kept(Math.round(x * scale) / scale, x)
}

/** Of doubles; angles in radians. */
export const arithmetic = [
  define('+ Add', 'number number…', 'number', (...list: number[]) =>
    kept(
      list.reduce((a, b) => a + b),
      ...list,
    ),
  ),
  define('- Sub subtract', 'number number?', 'number', (x: number, y?: number) => (y === undefined ? -x : kept(x - y, x, y))),
  define('* Mul multiply', 'number number…', 'number', (...list: number[]) =>
    kept(
      list.reduce((a, b) => a * b),
      ...list,
    ),
  ),
  define('/ Div divide', 'number number', 'number', (x: number, y: number) => (y === 0 ? null : kept(x / y, x, y))),
  define('intdiv quotient', 'number number', 'number', (x: number, y: number) => (y === 0 ? null : kept(Math.trunc(x / y), x, y))),
  two('% mod modulo', (x, y) => x % y),
  two('^ pow power', (x, y) => x ** y),
  define('min', 'number…', 'number', (...list: number[]) => Math.min(...list)),
  define('max', 'number…', 'number', (...list: number[]) => Math.max(...list)),
  define('round', 'number number?', 'number', rounded),
  define('clamp', 'number number number', 'number', (least: number, x: number, most: number) => Math.min(most, Math.max(least, x))),
  one('abs', Math.abs),
  one('floor', Math.floor),
  one('ceil ceiling', Math.ceil),
  one('sign', Math.sign),
  one('sqrt', Math.sqrt),
  one('exp', Math.exp),
  one('ln', Math.log),
  one('log10', Math.log10),
  one('log2', Math.log2),
  define('log', 'number number?', 'number', (a: number, b?: number) => kept(b === undefined ? Math.log(a) : Math.log(b) / Math.log(a), a)),
  one('sin', Math.sin),
  one('cos', Math.cos),
  one('tan', Math.tan),
  one('asin', Math.asin),
  one('acos', Math.acos),
  one('atan', Math.atan),
  two('atan2', Math.atan2),
  one('toDegrees degrees', x => (x * 180) / Math.PI),
  one('toRadians radians', x => (x * Math.PI) / 180),
  define('pi', '', 'number', () => Math.PI),
  define('e', '', 'number', () => Math.E),
]
