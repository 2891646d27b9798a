/** What a form, a log or a table calls its fields and levels, and identifiers: names of nobody in any case. */
const LABELS =
  'ttc ht dsgvo gdpr rgpd kpi roi seo crm erp saas b2b faq diy iban bic swift ssn nhs nino pin vin vat tin itin cpf cnpj nif nie dni bsn nir iva tva mwst ust ean isbn issn imei id uuid url uri api sql csv json xml yaml html http https ftp ssh vpn dns tcp udp utc gmt sku gps usb hdmi ram cpu gpu pdf ' +
  'error errors warning warn info debug fatal notice note notes todo fixme fehler warnung hinweis achtung erreur avertissement remarque errore avviso attenzione erro aviso atención atenção fout waarschuwing nota ' +
  'name email e-mail mail phone tel fax address adresse dirección indirizzo endereço adres subject betreff objet asunto oggetto assunto onderwerp status priority priorität priorité prioridad priorità prioridade prioriteit';
/** Fields of forms, greetings and thanks in the languages served. */
const FORMS =
  'surname forename vorname nachname familienname prénom nombre apellido apellidos cognome voornaam achternaam sobrenome telefon telefono teléfono téléphone telefoon telefone móvil handy celular cellulare mobiel telemóvel geburtsdatum geboortedatum burgerservicenummer steuernummer steuer-id rechnungsnummer kundennummer postleitzahl postcode codice fiscale betrag datum unterschrift signature handtekening ' +
  'hello hi hey hallo hoi moin servus bonjour bonsoir salut coucou hola buenas ciao buongiorno buonasera salve olá oi thanks danke merci gracias grazie obrigado obrigada bedankt alvast dear geachte beste geehrte geehrter estimado estimada gentile egregio prezado prezada regards grüße groeten groetjes cordialement saludos saluti atenciosamente cumprimentos';
/** Products and techniques that are no surname too: `Jenkins`, `Kafka` and `Julia` are left out. */
const PRODUCTS =
  'Docker Kubernetes Python Django Flask Laravel React Angular Svelte Redis Postgres PostgreSQL MySQL SQLite MongoDB Elasticsearch Hadoop TensorFlow PyTorch Keras Pandas NumPy Linux Ubuntu Debian Fedora Windows Android iOS macOS Excel PowerPoint Outlook Photoshop WordPress Grafana Prometheus Terraform Ansible GraphQL TypeScript JavaScript Kotlin Haskell LaTeX Markdown Bluetooth Wi-Fi WLAN Ethernet iPhone iPad MacBook PlayStation Xbox Galaxy Kindle Firefox Kevlar Dyneema Cordura Gore-Tex Teflon Lycra Nylon Polyester Plexiglas Velcro Zod Redux Webpack Vite Jest Playwright Cypress Tailwind Bootstrap Node.js Next.js Rust Golang Perl Bash Powershell PowerShell Fortran Cobol Java Scala Hibernate Celery Airflow Databricks Snowflake BigQuery Looker Tableau Celsius Fahrenheit Hertz Kilowatt Kelvin Nvidia Arduino Raspberry Thermomix Chrome Safari Gmail GitHub GitLab Jira Confluence Slack Trello Figma';
/** Months and days of the week; as names of people only some of them are given, and those are left out. */
const CALENDAR =
  'january february march july september october november december monday tuesday wednesday thursday friday saturday sunday ' +
  'januar jänner februar feber märz juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag ' +
  'janvier février mars juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche ' +
  'enero febrero marzo mayo junio agosto septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes sábado ' +
  'gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre lunedì martedì mercoledì giovedì venerdì ' +
  'januari februari maart mei augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ' +
  'janeiro fevereiro março maio junho julho setembro outubro dezembro segunda-feira terça-feira quarta-feira quinta-feira sexta-feira';

/** Languages: `in Französisch`, `en japonais` name no place. */
const LANGUAGES =
  'english french spanish italian dutch portuguese chinese japanese korean russian arabic latin greek polish turkish swedish danish ' +
  'englisch französisch deutsch spanisch italienisch niederländisch portugiesisch chinesisch japanisch koreanisch russisch arabisch griechisch polnisch türkisch ' +
  'anglais français allemand espagnol italien néerlandais portugais chinois japonais coréen russe arabe grec polonais turc ' +
  'inglés francés alemán español italiano neerlandés portugués chino japonés coreano ruso árabe griego polaco turco ' +
  'inglese francese tedesco spagnolo olandese portoghese cinese giapponese coreano russo arabo greco polacco turco ' +
  'engels duits spaans italiaans nederlands portugees chinees japans koreaans russisch arabisch grieks pools turks ' +
  'inglês francês alemão espanhol holandês português chinês japonês russo árabe grego polonês polaco turco ' +
  '英语 法语 德语 西班牙语 意大利语 荷兰语 葡萄牙语 汉语 日语 韩语 俄语 阿拉伯语 英文 中文 日文 法文 德文';

const IN_ANY_CASE: ReadonlySet<string> = new Set(`${LABELS} ${FORMS} ${CALENDAR} ${LANGUAGES}`.split(' '));
const AS_WRITTEN: ReadonlySet<string> = new Set(PRODUCTS.split(' '));

/** Whether a reading is nothing but a field's label, a log level, a product, a month or a day. */
export function isTerm(text: string): boolean {
  return IN_ANY_CASE.has(text.toLowerCase()) || AS_WRITTEN.has(text);
}
