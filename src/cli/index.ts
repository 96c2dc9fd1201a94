import { readFileSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { parsePort } from '#config/environment.js'
import { ConfigError } from '#config/faults.js'
import { Problem } from '#core/problem.js'
import { boundYoungObjects } from './bound-young-objects.js'

/** Exit codes of every command (contract, section 1). */
const [done, failed, wrongUse] = [0, 1, 2]

/** Runs one command line (without the program's own words) and resolves to its exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  let code = done
  const program = commands(result => {
    code = result
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? done : wrongUse
    if (error instanceof ConfigError || error instanceof Problem) process.stderr.write(`${error.message}\n`)
    else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return error instanceof ConfigError ? wrongUse : failed
  }
}

/** The table of contents of the command line: each command's work is a file of its own, loaded only for that command. */
function commands(exit: (code: number) => void): Command {
  const program = new Command('arpent')
    .description('Geospatial server: maps, tiles, features, catalogue and coverages over PostGIS and Cloud-Optimized GeoTIFF.')
    .version(version())
    .exitOverride()
    .showHelpAfterError()
    .configureHelp({ showGlobalOptions: true })
  const config = new Option('--config <file>', 'config file, YAML or JSON (default: config/arpent.yaml, if it is there)')
  const data = new Option('--data <folder>', 'folder of the embedded database (default: ARPENT_DATA, or ./.arpent)')
  const sources = ['[source...]', 'folders (searched recursively), files, and postgres:// URLs with ?schema=a,b'] as const

  program
    .command('serve')
    .description('publish the sources and answer requests; without source and config, the bundled demo')
    .argument(...sources)
    .addOption(config)
    .option('--port <number>', 'port to listen on, 0 for a free one (default: ARPENT_PORT, PORT, or 8080)', portNumber)
    .option('--host <address>', 'address to listen on (default: ARPENT_HOST, or 127.0.0.1)')
    .addOption(data)
    .option('--watch', 'publish anew when the config or a file changes')
    .action(async (names: string[], options) => {
      boundYoungObjects()
      await (await import('./serve.js')).serve({ sources: names, ...options })
    })

  program
    .command('check')
    .description('say what would be published and what will hurt, without serving')
    .argument(...sources)
    .addOption(config)
    .addOption(data)
    .option('--json', 'print the verdict as JSON')
    .addHelpText('after', '\nExit code: 0 ready, 1 something is broken, 2 wrong use.')
    .action(async (names: string[], options) => exit(await (await import('./check.js')).check({ sources: names, ...options })))

  program
    .command('import')
    .description('load files into a store, each whole or not at all; a running server publishes them at once')
    .argument(
      '<file...>',
      'GeoPackage, GeoJSON, Shapefile, FlatGeobuf, GeoParquet, CSV, GML, KML, MapInfo, DXF, GPX, Excel, …; also gzipped or zipped',
    )
    .option('--store <id>', 'store of the config to load into (default: the embedded one)')
    .option('--as <id>', 'name of the table and the collection (default: the name of the layer)')
    .option('--crs <code>', 'CRS of the coordinates, whatever the file says, e.g. EPSG:2154')
    .option('--replace', 'put it in the place of the table that is there')
    .option('--append', 'add it to the table that is there')
    .addOption(config)
    .addOption(data)
    .action(async (files: string[], options) => exit(await (await import('./import-command.js')).importCommand({ files, ...options })))

  program
    .command('overviews')
    .description('make low-zoom overviews of a mosaic, so that maps of small scales open few files; goes on where it was stopped')
    .argument('<collection>', 'id of a collection of rasters')
    .argument('[source...]', 'sources that publish it, where no server runs on the data folder')
    .addOption(config)
    .addOption(data)
    .action(async (collection: string, sources: string[], options) =>
      exit(await (await import('./overviews-command.js')).overviewsCommand({ collection, sources, ...options })),
    )

  program
    .command('cogify')
    .description('write Cloud-Optimized GeoTIFFs whose blocks are the tiles of a grid; by GDAL where it is installed')
    .argument('<file...>', 'GeoTIFFs')
    .option('--grid <id>', 'tile grid to be aligned to, e.g. WebMercatorQuad (default: the own pixels and CRS of each file)')
    .option('--matrix <id>', 'matrix of the grid for the full resolution (default: the one nearest to that of the file)')
    .addOption(
      new Option('--profile <name>', 'photo: lossy, with a mask; data: exact (default: what the file looks like)').choices([
        'photo',
        'data',
      ]),
    )
    .addOption(new Option('--compression <name>', 'of photographs').choices(['jpeg', 'webp']).default('jpeg'))
    .option('--crs <code>', 'CRS of files that do not name theirs, e.g. EPSG:2154')
    .option('--output <path>', 'folder, or the file where one is given (default: NAME-cog.tif beside each)')
    .option('--overwrite', 'replace results that are there')
    .option('--in-place', 'replace the files themselves')
    .addOption(new Option('--writer <name>', 'who writes (default: gdal where it is installed and can)').choices(['gdal', 'own']))
    .addOption(config)
    .action(async (files: string[], options) => exit(await (await import('./cogify-command.js')).cogifyCommand({ files, ...options })))

  program
    .command('style')
    .description('print the style of a collection in a language that other programs read')
    .argument('<collection>', 'id of a collection')
    .argument(...sources)
    .addOption(
      new Option(
        '--as <language>',
        'sld: SLD 1.0.0; geoserver: the same with what GeoServer and QGIS know beyond it; se: SLD 1.1.0 with SE 1.1.0; maplibre: a MapLibre style',
      )
        .choices(['sld', 'geoserver', 'se', 'maplibre'])
        .default('sld'),
    )
    .option('--name <style>', 'which of its styles (default: the one that is drawn without a word)')
    .addOption(config)
    .addOption(data)
    .action(async (collection: string, names: string[], options) =>
      exit(await (await import('./style-command.js')).styleCommand({ collection, sources: names, ...options })),
    )

  const ofConfig = program.command('config').description('about the config file')
  ofConfig
    .command('schema')
    .description('print its JSON Schema, for editors')
    .action(async () => void process.stdout.write((await import('./config-commands.js')).schemaText()))
  ofConfig
    .command('show')
    .description('print the config in force, with secrets masked')
    .argument(...sources)
    .addOption(config)
    .action(async (names: string[], options) => (await import('./config-commands.js')).showCommand({ sources: names, ...options }))
  ofConfig
    .command('hash')
    .description('read a password from stdin and print its hash')
    .option('--key', 'hash an API key instead, or make a new one')
    .action(async options => (await import('./config-commands.js')).hashCommand(options))
  return program
}

function portNumber(text: string): number {
  const port = parsePort(text)
  if (typeof port !== 'number') throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}
