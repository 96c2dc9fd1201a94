import type { Text } from '#core/atlas.js'

/** What an answer says when there is nothing at the place. */
export const nothingFound: Text = { en: 'Nothing found here.', fr: 'Rien trouvé ici.', de: 'Hier wurde nichts gefunden.' }

/** Title of an answer that shows what is at a place. */
export const whatIsHere: Text = { en: 'What is here', fr: 'Ce qui se trouve ici', de: 'Was hier ist' }
