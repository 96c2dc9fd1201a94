/** Problems of the standard's terms (RFC 9457). */
const told = { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } } as const

/** An operation of an OpenAPI document: its media types may have schemas. */
export function operation(
  operationId: string,
  summary: string,
  mediaTypes: readonly string[] | Readonly<Record<string, object>>,
  parameters: readonly object[] = [],
): object {
  const content = Array.isArray(mediaTypes) ? Object.fromEntries(mediaTypes.map(type => [type, {}])) : mediaTypes
  return {
    operationId,
    summary,
    ...(parameters.length > 0 && { parameters }),
    responses: {
      200: { description: summary, content },
      // who asks for a page is told on a page
      default: { description: 'What went wrong', content: 'text/html' in content ? { ...told, 'text/html': {} } : told },
    },
  }
}
