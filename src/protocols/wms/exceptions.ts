import { type Problem, toProblem } from '#core/problem.js'
import type { ServiceAnswer, ServiceRequest } from '#protocols/http/service.js'
import { exceptionOf, problemHeaders, reportAnswer, type ServiceException } from '#protocols/ows/exception-report.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { attributes, xml, xmlDocument } from '#xml/write.js'
import { backgroundOf } from './appearance.js'
import { stillType } from './encoded.js'
import { exceptionImage } from './exception-image.js'
import { mapFormats, pictureFormat } from './map-formats.js'
import type { WmsVersion } from './versions.js'

type ExceptionForm = 'xml' | 'json' | 'inimage' | 'blank'

/** Names of EXCEPTIONS in every version; what is not here is XML. */
const forms: Readonly<Record<string, ExceptionForm>> = {
  inimage: 'inimage',
  'application/vnd.ogc.se_inimage': 'inimage',
  blank: 'blank',
  'application/vnd.ogc.se_blank': 'blank',
  json: 'json',
  'application/json': 'json',
}

/** An exception in the form the client asked for, in its version's own words (OGC 06-042, 6.11, 7.3.3.11; OGC 01-068r3, 6.7, A.3). */
export async function exceptionAnswer(
  problem: Problem,
  { version, kvp, request, mayBeImage }: { version: WmsVersion; kvp: Kvp | undefined; request: ServiceRequest; mayBeImage: boolean },
): Promise<ServiceAnswer> {
  const exception = exceptionOf(problem, version.codes)
  const asked = kvp?.get('EXCEPTIONS')?.toLowerCase() ?? 'xml'
  const form = Object.hasOwn(forms, asked) ? forms[asked] : 'xml'
  if (form === 'json') return reportAnswer(problem, exception, 'application/json', jsonReport(exception, version))
  if (kvp && mayBeImage && form !== 'xml') {
    const frame = imageFrame(kvp, request)
    const message = form === 'inimage' ? `${exception.code}: ${exception.message}` : ''
    if (frame) {
      const body = await exceptionImage(frame, message)
      return { status: 200, mediaType: frame.mediaType, body, cacheSeconds: 0, headers: problemHeaders(problem) }
    }
  }
  const report = version.number === '1.3.0' ? report130(exception) : report111(exception)
  return reportAnswer(problem, exception, version.exceptionType, report)
}

function report130({ code, locator, message }: ServiceException): string {
  return xmlDocument(xml`
    <ServiceExceptionReport version="1.3.0" xmlns="http://www.opengis.net/ogc" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 ${attributes({ 'xsi:schemaLocation': 'http://www.opengis.net/ogc http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd' })}>
      <ServiceException${attributes({ code, locator })}>${message}</ServiceException>
    </ServiceExceptionReport>`)
}

/** The DTD of 1.1.1 knows no locator. */
function report111({ code, message }: ServiceException): string {
  return xmlDocument(
    xml`<ServiceExceptionReport version="1.1.1"><ServiceException${attributes({ code })}>${message}</ServiceException></ServiceExceptionReport>`,
    { root: 'ServiceExceptionReport', system: 'http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd' },
  )
}

/** As GeoServer's clients expect it. */
function jsonReport({ code, locator = 'noLocator', message }: ServiceException, { number }: WmsVersion): string {
  return JSON.stringify({ version: number, exceptions: [{ code, locator, text: message }] })
}

/** The image to write on; undefined when the request does not say how large, or larger than maps may be: then the exception is XML. */
function imageFrame(kvp: Kvp, { view }: ServiceRequest) {
  const { mapSide, mapPixels } = view.atlas.limits
  const [width, height] = ['WIDTH', 'HEIGHT'].map(name => Number(kvp.get(name) ?? 0))
  const isSide = (side: number) => Number.isInteger(side) && side >= 1 && side <= mapSide
  if (!isSide(width) || !isSide(height) || width * height > mapPixels) return undefined
  const format = orElse(() => pictureFormat(kvp), mapFormats[0])
  const background = orElse(() => backgroundOf(kvp, format), { color: 0xffffff, isTransparent: false })
  return { width, height, mediaType: stillType(format.mediaType), background }
}

/** What is at fault may be the very parameter needed to say so. */
function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (toProblem(error).kind === 'internal') throw error
    return otherwise
  }
}
