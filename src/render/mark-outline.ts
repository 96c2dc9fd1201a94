type Outline = readonly (readonly [number, number])[]

/** The outline of a mark around 0,0, y down, in pixels; grown by `halo` on all sides. At most 64 points. */
export function markOutline(shape: string, radius: number, halo: number): Outline {
  switch (shape) {
    case 'circle':
      return circle(radius + halo)
    case 'square':
      // as heavy to the eye as the circle of that radius
      return square(radius * 0.886 + halo)
    case 'triangle':
      // equilateral around its centre: a side moves out by half of what the corner does
      return triangle(radius * 1.2 + halo * 2)
    default:
      return cross(radius + halo, radius * 0.3 + halo)
  }
}

function circle(radius: number): Outline {
  // chords within 0.05 pixels of the circle
  const count = Math.min(64, Math.max(8, Math.ceil(Math.PI / Math.acos(Math.max(0, 1 - 0.05 / Math.max(radius, 0.1))))))
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count
    return [radius * Math.cos(angle), radius * Math.sin(angle)] as const
  })
}

const square = (half: number): Outline => [
  [-half, -half],
  [half, -half],
  [half, half],
  [-half, half],
]

const triangle = (radius: number): Outline => [
  [0, -radius],
  [radius * 0.866, radius / 2],
  [-radius * 0.866, radius / 2],
]

const cross = (long: number, thick: number): Outline => [
  [-thick, -long],
  [thick, -long],
  [thick, -thick],
  [long, -thick],
  [long, thick],
  [thick, thick],
  [thick, long],
  [-thick, long],
  [-thick, thick],
  [-long, thick],
  [-long, -thick],
  [-thick, -thick],
]
