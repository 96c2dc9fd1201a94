/** The address as it may be logged: without secrets, and not endless. */
export function urlForLog(url: string): string {
  return url.replace(/([?&](?:password|passwd|pwd|token|key|api_?key|secret|access_token|signature)=)[^&]*/gi, '$1***').slice(0, 2000)
}
