/** Italian words that are nobody’s name, in lower case: what prompts are about, and what their sentences begin with. */
export const ITALIAN_WORDS =
  'scrivi riscrivi traduci correggi riassumi spiega elenca confronta calcola descrivi proponi prepara ' +
  'crea genera dammi dimmi fammi aiutami trova cerca ordina converti aggiungi togli rispondi componi ' +
  'considera usa verifica controlla indica suggerisci conviene come cosa quando perché quale quali ' +
  'quanto quanti quanta quante io lei noi voi loro ci vi mio tuo suo nostro vostro tua sua questo ' +
  'questa questi queste quello quella quelli ogni tutti tutto tutte molti alcuni alcune nessuno niente ' +
  'qualcosa qualcuno mentre prima dopo fino con senza contro tra fra su solo anche ancora già sempre ' +
  'spesso oggi ieri domani adesso poi qua lì sopra sotto dentro fuori molto poco abbastanza circa ' +
  'almeno meglio sì no forse purtroppo inoltre infine ciao grazie buongiorno paragrafo testo parola ' +
  'parole frase titolo capitolo tabella cella valore numero numeri cifra somma importo ' +
  'quantità misura altezza larghezza lunghezza peso durata tempo orario data giorno settimana mese anno ' +
  'minuto secondo festivo vacanza pausa appuntamento scadenza inizio fine passo parte punto punti ' +
  'elenco lista riassunto introduzione scaletta conclusione esempio modello bozza proposta idea domanda ' +
  'risposta soluzione problema errore causa motivo effetto scopo compito tema contenuto forma stile ' +
  'tono lingua termine significato definizione sinonimo sinonimi poesia rima quartina strofa verso ' +
  'storia favola barzelletta indovinello citazione lettera messaggio oggetto saluto saluti allegato ' +
  'verbale ordine riunione incontro conferenza invito rifiuto richiesta preventivo consegna fattura ' +
  'sollecito pagamento sconto prezzo costo costi tassa imposta fatturato guadagno perdita bilancio ' +
  'conto banca bonifico prestito mutuo interesse rata affitto caparra cauzione contratto disdetta ' +
  'recesso preavviso clausola legge sentenza tribunale fideiussione compravendita procura assicurazione ' +
  'polizza danno garanzia reclamo reso cambio residenza domicilio azienda ditta reparto ufficio lavoro ' +
  'annuncio candidatura curriculum stipendio salario colloquio responsabile dipendente dipendenti ' +
  'impiegato cliente fornitore socio squadra progetto piano strategia relazione analisi statistica ' +
  'grafico presentazione formazione tirocinio contabile idraulico locatore conduttore inquilino nonna ' +
  'nonno madre padre genitori bambino bambini studente studentessa insegnante maestra ospite lettore ' +
  'utente mansioni mansione chiusura chiusure mensile mensili riconciliazione bancaria liquidazione ' +
  'turni turno moderazione prospettive varie eventuali conferma autorizzazione iscrizione registrazione ' +
  'nota avviso attenzione osservazione portatile schermo tastiera mouse stampante telecamera cellulare ' +
  'telefono cavo batteria memoria disco cartella rete applicazione funzione metodo variabile ' +
  'ciclo espressione regolare libreria pacchetto modulo codice eccezione sito pulsante menù finestra ' +
  'icona carattere colore sfondo spazio spazi pratica cucina ricetta ingrediente ingredienti zucchero ' +
  'noce moscata cannella lievito impasto burro olio latte panna formaggio ricotta yogurt uovo uova ' +
  'carne verdura frutta insalata pomodoro pomodori zucchine zucchina cetriolo peperone ' +
  'aglio patata carota asparagi cavolo spinaci fagioli lenticchie piselli panino torta biscotto ' +
  'minestra zuppa sugo brodo spezzatino colazione pranzo cena dolce bevanda acqua succo caffè tè vino ' +
  'birra vermentino soave fornello pentola padella ciotola coltello forchetta cucchiaio ' +
  'cucchiaino pizzico teglia frigorifero lavastoviglie vaschetta appartamento casa stanza bagno balcone ' +
  'terrazza giardino orto cantina tetto scale pavimento parete soffitto mobile mobili ' +
  'armadio scaffale sedia divano letto materasso lampada tappeto tenda riscaldamento caldaia pompa ' +
  'calore corrente isolamento trasloco scatola scatole scatolone scatoloni nastro adesivo adesiva ' +
  'lettura contatore contatori indirizzo chiave chiavi attrezzo attrezzi utensile utensili ' +
  'vite tassello tasselli staffa staffe trapano casco guanto guanti occhiali pennello vernice ' +
  'riparazione manutenzione pulizia apparecchio macchina lavatrice asciugatrice aspirapolvere tubo ' +
  'filtro motore freno gomma furgone bicicletta treno autobus volo aeroporto stazione fermata ' +
  'parcheggio parcheggi biglietto valigia zaino borsa viaggio passaporto visto albergo spiaggia ' +
  'montagna noleggio percorrenza concime concimi ortica macerato cornunghia aiuola pianta albero siepe ' +
  'seme semi raccolto autunno inverno castagna pioggia nuvola temporale fuoco fumo aria suolo animale ' +
  'cane mucca maiale uccello insetto ape gabbiano gabbiani schiuma silenzio medico ' +
  'malattia sintomo dolore febbre raffreddore farmaco compressa pomata vaccino pressione allergia ' +
  'diagnosi terapia cura operazione ospedale ambulatorio dieta movimento sonno scheda allenamento ' +
  'esercizio petto dorso gambe braccio spalle spalla pancia tricipiti bicipiti muscolo stretching ' +
  'scuola lezione esame voto compiti matematica fisica chimica biologia geografia arte musica formula ' +
  'equazione teorema prova energia forza potenza tensione resistenza temperatura velocità atomo ' +
  'molecola fotosintesi ossigeno cloroplasti articolo pezzo prodotto tela stoffa cuoio legno metallo ' +
  'plastica vetro carta spallacci imbottiti tasca impermeabile robusto robusta comodo leggera pesante ' +
  'nuovo nuova vecchio cattivo veloce lento economico stretto secco bagnato pulito sporco marrone ' +
  'cuocere impastare mescolare tagliare sbucciare riposare friggere passi primi manuale regole regola ' +
  'sicurezza officina palloncini abbinamento abbinamenti attesa centralino chilowattora anglicismi';
