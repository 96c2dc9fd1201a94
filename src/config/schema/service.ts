import { keywords, line, record, resourceUrl, text } from './parts.js'

const contact = record('Who answers questions about the service.', {
  organisation: line,
  name: line,
  position: line,
  email: { ...line, pattern: '^[^@\\s]+@[^@\\s]+$', title: 'an e-mail address' },
  phone: line,
  address: line,
  city: line,
  postcode: line,
  country: line,
})

export const serviceSchema = record('What the service says about itself.', {
  title: text('Name of the service.'),
  abstract: text('What it offers.'),
  keywords,
  contact,
  fees: { ...line, description: 'Fees, or "none".' },
  constraints: { ...line, description: 'Constraints of access, or "none".' },
  licence: { ...line, description: 'Licence of the data, where a collection names none: a name or a URL.' },
  languages: {
    description: 'Languages of the answers (ISO 639-1), the default first.',
    type: 'array',
    items: { type: 'string', pattern: '^[a-z]{2}$', title: 'a language code of two letters such as fr' },
    minItems: 1,
    maxItems: 20,
    uniqueItems: true,
  },
  metadata: resourceUrl(
    "The service's own metadata record. WMS capabilities then have the part that INSPIRE asks for.",
    'application/vnd.ogc.csw.GetRecordByIdResponse_xml',
  ),
  publicUrl: { ...line, description: 'Base of every link, as clients see it. ARPENT_PUBLIC_URL wins over it.' },
  lenient: { description: 'WFS, CSW and WMTS also answer requests without SERVICE.', type: 'boolean' },
})
