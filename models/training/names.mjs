// Name lists of several locales from @faker-js/faker (MIT), as one JSON file on stdout.
// Run where the package is installed: node names.mjs > work/names.json
import { createRequire } from 'node:module'
const { allFakers } = createRequire(`${process.cwd()}/`)('@faker-js/faker')

const locales = ['en', 'en_US', 'en_GB', 'en_IN', 'en_AU', 'en_NG', 'zh_CN', 'zh_TW', 'de', 'fr', 'es', 'es_MX', 'it', 'nl', 'pt_BR', 'pt_PT', 'ja', 'ko', 'pl', 'tr', 'vi', 'sv', 'ar', 'ru', 'cs_CZ', 'id_ID', 'ro', 'hu', 'fi', 'da', 'nb_NO']
const list = (make, count) => {
  const seen = new Set()
  for (let i = 0; i < count; i++) {
    try { seen.add(make()) } catch { return [...seen] }
  }
  return [...seen].filter((v) => typeof v === 'string' && v && !v.includes('undefined'))
}
const out = {}
for (const locale of locales) {
  const f = allFakers[locale]
  if (!f) continue
  f.seed(7)
  out[locale] = {
    first: list(() => f.person.firstName(), 6000),
    last: list(() => f.person.lastName(), 6000),
    city: list(() => f.location.city(), 4000),
    street: list(() => f.location.street(), 1500),
    state: list(() => f.location.state(), 600),
    country: list(() => f.location.country(), 2000),
    company: list(() => f.company.name(), 1500),
    job: list(() => f.person.jobTitle(), 600),
    zip: list(() => f.location.zipCode(), 100),
    phone: list(() => f.phone.number(), 300),
  }
}
process.stdout.write(JSON.stringify(out))
