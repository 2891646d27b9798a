/** German words that are nobody’s name, in lower case: what prompts are about, and what their sentences begin with. */
export const GERMAN_WORDS =
  'gegenwart vergangenheit zukunft nächster nächste nächstes letzter letzte letztes erster erste erstes zweiter zweite zweites ' +
  'schreibe schreib erkläre erklär fasse fass nenne nenn gib rechne berechne entwirf erstelle ' +
  'formuliere übersetze korrigiere vergleiche erläutere beschreibe liste prüfe schlage sortiere ordne ' +
  'wandle ändere ergänze kürze verfasse zeige zeig mache stelle stell suche such finde hilf sag sage ' +
  'lass nimm dichte antworte bitte wie was wann wo warum wieso weshalb welche welcher welches wer wem ' +
  'wen wessen woher wohin womit wofür ich er sie es wir ihr mich dich sich uns euch ihm ihn ihnen mein ' +
  'dein sein unser euer meine deine seine ihre unsere dieser diese dieses jener jede jeder jedes alle ' +
  'alles viele einige manche mehrere beide kein keine nichts etwas jemand niemand und oder aber denn ' +
  'weil wenn als ob dass damit obwohl während bevor nachdem seit bis für mit ohne gegen um durch bei ' +
  'nach von zu aus auf in beim vom zum zur unter über vor hinter neben zwischen trotz wegen nicht nur ' +
  'auch noch schon erst immer nie oft manchmal heute gestern morgen jetzt dann danach vorher später ' +
  'bald hier dort links rechts oben unten innen außen sehr ganz ziemlich etwa ungefähr mindestens ' +
  'höchstens eher lieber ja nein vielleicht natürlich leider gerne zuerst zunächst außerdem ' +
  'anschließend abschließend abschnitt absatz text wort satz überschrift titel kapitel seite zeile ' +
  'spalte tabelle zelle wert zahl ziffer summe betrag menge anzahl größe höhe breite länge tiefe ' +
  'gewicht dauer zeit uhrzeit datum tag woche monat jahr quartal stunde minute sekunde wochenende ' +
  'feiertag ferien urlaub pause termin frist beginn ende anfang phase schritt teil punkt stichpunkt ' +
  'checkliste übersicht zusammenfassung einleitung gliederung fazit beispiel vorlage entwurf vorschlag ' +
  'idee frage antwort lösung problem fehler ursache grund folge ziel zweck aufgabe thema inhalt form ' +
  'stil sprache begriff bedeutung definition synonym gedicht paarreim strophe vers geschichte ' +
  'erzählung märchen witz rätsel zitat mail email brief schreiben nachricht betreff anrede gruß anhang ' +
  'anlage protokoll agenda tagesordnung sitzung besprechung treffen konferenz einladung absage zusage ' +
  'anfrage angebot auftrag bestellung lieferung rechnung mahnung zahlung gutschein gutschrift rabatt ' +
  'preis kosten gebühr steuer mehrwertsteuer umsatz gewinn verlust budget konto überweisung lastschrift ' +
  'kredit darlehen zins rate miete kaution vertrag kündigung klausel paragraf gesetz urteil gericht ' +
  'klage bürgschaft vollmacht unterschrift versicherung police schaden haftung garantie gewährleistung ' +
  'reklamation beschwerde rückgabe umtausch firma unternehmen betrieb abteilung büro arbeitsplatz ' +
  'arbeit anzeige bewerbung lebenslauf zeugnis gehalt vorstellungsgespräch kollege kollegin chef chefin ' +
  'vorgesetzter mitarbeiter mitarbeiterin angestellter kunde kundin lieferant partner team projekt plan ' +
  'planung strategie bericht analyse auswertung statistik diagramm präsentation folie schulung ' +
  'fortbildung ausbildung praktikum werkstudentin werkstudent auszubildender bewerber bewerberin ' +
  'spediteur handwerker vermieter mieter mieterin nachbar oma opa mutter vater eltern kinder schüler ' +
  'schülerin lehrer lehrerin student studentin freundin gäste leser leserin nutzer nutzerin ' +
  'anwender rückmeldung rückfrage bestätigung genehmigung freigabe anmeldung abmeldung registrierung ' +
  'begrüßung rückblick ausblick verschiedenes moderation hinweis warnung achtung wichtig bemerkung ' +
  'notiz anmerkung zusatz computer rechner bildschirm monitor tastatur maus drucker scanner kamera ' +
  'handy telefon kabel stecker akku batterie netzteil speicher festplatte datei ordner verzeichnis ' +
  'datenbank netzwerk passwort benutzer programm anwendung software treiber schnittstelle funktion ' +
  'methode klasse schleife ausdruck bibliothek paket modul skript quelltext fehlermeldung ausnahme ' +
  'versionsnummer webseite formular schaltfläche menü fenster symbol schrift farbe hintergrund ' +
  'papierstau walze fach toner küche rezept zutat mehl muskat zimt hefe teig öl ' +
  'milch sahne käse quark joghurt ei eier fleisch fisch gemüse obst salat tomate gurke paprika zwiebel ' +
  'knoblauch kartoffel karotte möhre spargel spinat bohne erbse nudel brot brötchen kuchen torte ' +
  'keks plätzchen suppe soße brühe eintopf auflauf braten schnitzel frühstück mittagessen abendessen ' +
  'nachtisch getränk wasser saft kaffee tee wein bier silvaner riesling weißburgunder grauburgunder ' +
  'spätburgunder ofen herd topf pfanne schüssel messer gabel löffel teelöffel esslöffel prise backblech ' +
  'kühlschrank spülmaschine wohnung haus zimmer raum bad balkon terrasse garten dach tür treppe ' +
  'boden wand decke möbel schrank regal stuhl sofa bett matratze lampe teppich vorhang heizung ' +
  'heizkreis wärmepumpe kältemittel außenluft strom gas dämmung umzug kiste karton sperrmüll ' +
  'zählerstand schlüssel werkzeug schraube dübel bohrer leiter sprosse helm handschuh schutzbrille ' +
  'standfläche pinsel reparatur schönheitsreparatur wartung reinigung gerät maschine waschmaschine ' +
  'trockner staubsauger schlauch sieb flusensieb ablauf motor getriebe bremse reifen auto wagen ' +
  'lieferwagen transporter fahrrad zug bahn bus flug flughafen bahnhof haltestelle parkplatz fahrkarte ' +
  'koffer rucksack tasche reise reisepass ausweis visum hotel ferienwohnung wanderung dünger kompost ' +
  'hornspäne brennnessel jauche gewächshaus beet pflanze baum rasen hecke samen ernte regen ' +
  'sonne wolke gewitter kerze kerzenlicht feuer rauch luft erde meer see fluss wiese tier katze ' +
  'pferd kuh schwein huhn insekt biene arzt ärztin krankheit symptom schmerz fieber husten schnupfen ' +
  'kopfschmerz medikament tablette salbe impfung blutdruck allergie diagnose therapie behandlung ' +
  'operation krankenhaus praxis versichertenkarte ernährung diät bewegung schlaf training trainingsplan ' +
  'übung brust rücken bein arm schulter bauch trizeps bizeps muskel dehnung schule unterricht prüfung ' +
  'klausur note hausaufgabe referat aufsatz mathematik physik chemie biologie erdkunde kunst musik ' +
  'sport formel gleichung beweis energie leistung leistungszahl spannung widerstand druck temperatur ' +
  'geschwindigkeit effekt theorem atom molekül artikel einzelpreis gesamtpreis stück ware produkt ' +
  'produktbeschreibung segeltuch leinen stoff leder metall kunststoff papier träger innenfach ' +
  'außentasche wasserabweisend robust robuster robuste robustes gepolstert gepolsterte bequem leicht ' +
  'schlecht schnell langsam günstig teuer einfach schwierig niedrig breit eng warm heiß trocken nass ' +
  'sauber schmutzig olivgrün vorheizen kneten rühren backen kochen schneiden schälen mischen ruhen ' +
  'sauerteig mutex semaphore etikett bauteil ersatzteil seriennummer bestellnummer artikelnummer ' +
  'aktenzeichen vorgang status lager versand palette';

/** What the last part of a compound noun is: none of these ends a surname. */
export const GERMAN_HEADS =
  'skala mus eis meilenstein inserat regal nachweis verkauf einkauf versand vergleich zustand abstand einsatz umsatz zusatz ' +
  'plan planung liste anzeige nummer zeichen datei datum daten name namen schema system dienst vertrag ' +
  'antrag bericht bogen schein karte buch heft blatt zettel brief mail text satz wort wörter zeile ' +
  'titel regel regeln gesetz frist termin sitzung tafel tabelle reparatur reparaturen pumpe heizung ' +
  'anlage gerät geräte maschine werkzeug kosten preis steuer gebühr zahlung rechnung schulung kurs ' +
  'prüfung aufgabe übung training programm funktion fehler meldung meldungen warnung prozess ablauf ' +
  'verfahren methode zeit zeiten dauer stunde stunden woche monat quartal raum zimmer küche platz ' +
  'plätze stelle stellen parkplatz weg strecke tür türen fenster wand dach boden kabel stecker schalter ' +
  'lampe schrank regal tasche rucksack koffer kiste flasche dose tüte teller topf pfanne löffel kuchen ' +
  'torte brot teig suppe soße salat saft wein kaffee wasser milch käse fleisch wurst gemüse obst ' +
  'schmerz schmerzen krankheit mittel medikament tablette arzt praxis geschichte märchen gedicht reim ' +
  'lied spiel spiele feier geburtstag fest ferien reise urlaub fahrt flug wagen auto zug reifen motor ' +
  'bremse schlüssel schloss code zahl zahlen wert werte betrag menge größe stufe phase schritt ebene ' +
  'bereich abschnitt kapitel punkt punkte frage fragen antwort vorschlag idee beispiel vorlage muster ' +
  'entwurf bild foto grafik diagramm farbe stoff papier holz blech rohr schlauch filter sieb mehl ' +
  'zucker butter pulver creme salbe pflanze blume samen dünger jauche späne erde luft wind regen wetter ' +
  'klima energie strom wärme licht werk leistung druck temperatur effekt bewegung geschwindigkeit ' +
  'schutz sicherung sicherheit versicherung pflicht recht rechte klausel kündigung bestätigung ' +
  'genehmigung erlaubnis bescheid auftrag bestellung lieferung abholung annahme abgabe rückgabe ausgabe ' +
  'eingabe übergabe aufnahme angebot nachfrage anfrage analyse auswertung übersicht zusammenfassung ' +
  'beschreibung erklärung einleitung lösung problem kunde kunden mitarbeiter teilnehmer nutzer gruppe ' +
  'klasse schule lehrer schüler kind kinder eltern';
