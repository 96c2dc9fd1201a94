/** Values of properties that change nothing, or nothing on a map that is drawn once; `*` is any. */
const values: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null), {
  cap_style: ['*'],
  joinstyle: ['*'],
  capstyle: ['*'],
  scale_method: ['*'],
  name: ['*'],
  align_dash_pattern: ['0'],
  tweak_dash_pattern_on_corners: ['0'],
  dash_pattern_offset: ['0'],
  draw_inside_polygon: ['0'],
  ring_filter: ['0'],
  trim_distance_start: ['0'],
  trim_distance_end: ['0'],
  customdash: ['*'],
  use_custom_dash: ['0'],
  fixedAspectRatio: ['0'],
  parameters: ['', '*'],
  average_angle_length: ['*'],
  rotate: ['1'],
  offset_along_line: ['0'],
  clip_points: ['0', '1'],
  clip_on_current_part_only: ['0'],
  clip_mode: ['*'],
  point_on_all_parts: ['1', '0'],
  coordinate_mode: ['*'],
  place_on_every_part: ['true', 'false', '1', '0'],
  font_style: ['', 'Regular', 'Normal', 'Book'],
  angle: ['0'],
  offset: ['0', '0,0', '-0', '-0,-0'],
  offset_x: ['0'],
  offset_y: ['0'],
  displacement_y: ['0'],
  random_deviation_x: ['0'],
  random_deviation_y: ['0'],
  seed: ['*'],
  horizontal_anchor_point: ['1'],
  vertical_anchor_point: ['1'],
  alpha: ['1'],
  blank_segments: [''],
  block_symbols: ['*'],
})

/** Whether a property that was not read may be left out. */
export function harmless(name: string, value: string): boolean {
  if (/_unit$|_dd_(active|expression|field|useexpr)$/.test(name)) return true
  if (/(map_unit|unit)_scale$/.test(name)) return /^(3x:)?[0,.]*$/.test(value)
  const known = values[name]
  return known !== undefined && (known.includes('*') || known.includes(value) || (Number(value) === 0 && known.includes('0')))
}
