import pino from 'pino'
import { readdirSync } from 'node:fs'
import { openFeatureStore } from '#stores/index.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { buildAtlas } from '#core/build-atlas.js'
import { defaultLimits } from '#core/atlas.js'
import { startServer } from './dist/server.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
const store = openFeatureStore({kind:'postgis', id:'main', url:'postgres://arpent@127.0.0.1:54329/arpent'})
const cog = openCogStore({id:'cog'})
const tables = await store.discover({schemas:['e2e'], withoutGeometry:false})
const pubs = tables.map(d=>({source:'e2e.'+d.table,name:d.table,settings:{},found:{kind:'table',store:'main',description:d},findings:[]}))
for (const f of ['ign-bdortho-rvb-0m20-montpellier','kampala_0m075_cog','ign-bdortho-irc-0m20-montpellier']) { const d=await cog.describe(`/work/shared/data/demo/ortho/${f}.tif`); pubs.push({source:f,name:f,settings:{},found:{kind:'raster',store:'cog',files:[d.file],bands:d.bands},findings:[]}) }
for (const f of ['srtm_41_19']) { const d=await cog.describe(`/work/shared/data/bench/dem/${f}.tif`); pubs.push({source:f,name:f,settings:{},found:{kind:'raster',store:'cog',files:[d.file],bands:d.bands},findings:[]}) }
const atlas = buildAtlas({service:{title:'Démo',abstract:'Essai',languages:['fr','en'],lenient:false},publications:pubs,spaces:new Map(),limits:defaultLimits,access:{accounts:new Map(),write:new Map()},namespaces:new Map(),cures:()=>undefined})
for (const v of atlas.verdicts) console.log(v.collection, v.summary, v.findings.map(f=>f.code).join())
const stores={features:()=>store,raster:()=>cog}
const s = await startServer({atlas:()=>atlas,stores,renderer:inlineRenderer(stores),log:pino({level:process.env.L??'warn'}),host:'127.0.0.1',port:8099})
console.log(s.address)
