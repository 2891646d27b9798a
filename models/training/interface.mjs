// Plain text of other hands, as one JSON file on stdout: the messages of the TypeScript compiler in the
// languages it is translated to (Apache-2.0; no name is in them), and what Node's own locale data (CLDR,
// Unicode licence) calls countries, languages and currencies. Run above an installed typescript.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.dirname(createRequire(import.meta.url).resolve('typescript'))
const FILES = { de: 'de', fr: 'fr', es: 'es', it: 'it', pt: 'pt-br', zh: 'zh-cn' }
const codes = (of) => { try { return Intl.supportedValuesOf(of) } catch { return [] } }
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const pairs = letters.flatMap((a) => letters.map((b) => a + b))
const named = (lang, type, list) => {
  const names = new Intl.DisplayNames([lang], { type, fallback: 'none' })
  return [...new Set(list.map((code) => names.of(code)).filter((name) => name && !/[()\d]/.test(name)))]
}
const NO_COUNTRY = new Set(['XA', 'XB', 'ZZ', 'QO', 'EZ', 'UN', 'EU'])
const out = {}
for (const lang of ['en', 'zh', 'de', 'fr', 'es', 'it', 'nl', 'pt']) {
  const file = FILES[lang] && path.join(folder, FILES[lang], 'diagnosticMessages.generated.json')
  out[lang] = {
    messages: file ? Object.values(JSON.parse(readFileSync(file, 'utf8'))) : [],
    country: named(lang, 'region', pairs.filter((code) => !NO_COUNTRY.has(code))),
    language: named(lang, 'language', pairs.map((code) => code.toLowerCase())),
    currency: named(lang, 'currency', codes('currency')),
  }
}
process.stdout.write(JSON.stringify(out))
