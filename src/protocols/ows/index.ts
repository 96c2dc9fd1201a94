import { Problem, toProblem } from '#core/problem.js'
import { html } from '#protocols/http/html.js'
import type { Service, ServiceAnswer } from '#protocols/http/service.js'
import { attributes, xml, xmlDocument } from '#xml/write.js'
import { owsCodes } from './codes.js'
import { exceptionOf, reportAnswer } from './exception-report.js'
import { servicePage } from './page.js'
import { requestKvp } from './request-kvp.js'

/**
 * `/ows`: hands a request to the service that SERVICE names. `services` is keyed by path (`wms`), which is the name in lower case. What names none
 * is answered by an exception report of OWS Common 1.1, for want of a service whose words to use.
 */
export const ows =
  (services: Readonly<Record<string, Service>>): Service =>
  async request => {
    try {
      const kvp = requestKvp(request)
      if (kvp.size === 0 && request.method !== 'POST') return servicePage(request, () => links(Object.keys(services), request.baseUrl))
      const names = Object.keys(services)
        .map(name => name.toUpperCase())
        .join(', ')
      const asked = kvp.get('SERVICE')
      if (asked === undefined) throw new Problem('missing-parameter', `SERVICE is missing; ${names} would work.`, { locator: 'service' })
      const path = asked.toLowerCase()
      if (!Object.hasOwn(services, path))
        throw new Problem('invalid-parameter', `SERVICE=${asked.slice(0, 40)} is not served; ${names} would work.`, { locator: 'service' })
      return await services[path](request)
    } catch (error) {
      return owsExceptionReport(toProblem(error))
    }
  }

const links = (paths: readonly string[], baseUrl: string) =>
  html`<ul>${paths.map(path => html`<li><a href="${baseUrl}/${path}">${path.toUpperCase()}</a></li>`)}</ul>`

/** `ows:ExceptionReport` (OGC 06-121r3, 8). */
export function owsExceptionReport(problem: Problem): ServiceAnswer {
  const exception = exceptionOf(problem, owsCodes)
  const report = xml`
    <ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 ${attributes({ version: '1.1.0', 'xsi:schemaLocation': 'http://www.opengis.net/ows/1.1 http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd' })}>
      <ows:Exception${attributes({ exceptionCode: exception.code, locator: exception.locator })}>
        <ows:ExceptionText>${exception.message}</ows:ExceptionText>
      </ows:Exception>
    </ows:ExceptionReport>`
  return reportAnswer(problem, exception, 'text/xml', xmlDocument(report))
}
