declare module 'topojson-server' {
  import type { GeoJSON, Geometry } from 'geojson'
  export function topology(objects: Readonly<Record<string, GeoJSON<Geometry | null>>>, quantization?: number): object
}
