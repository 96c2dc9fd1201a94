import type { ServiceRequest } from './service.js'

/** The base URL without the prefix of the view: where the server as a whole begins. */
export function rootUrl({ baseUrl, view }: Pick<ServiceRequest, 'baseUrl' | 'view'>): string {
  const prefix = view.key === '' ? '' : `/${view.key.split('/').map(encodeURIComponent).join('/')}`
  return baseUrl.endsWith(prefix) ? baseUrl.slice(0, baseUrl.length - prefix.length) : baseUrl
}
