/** Dutch words that are nobody’s name, in lower case: what prompts are about, and what their sentences begin with. */
export const DUTCH_WORDS =
  'schrijf herschrijf vertaal verbeter geef maak leg vat noem verklaar vergelijk bereken reken ' +
  'controleer beantwoord beschrijf stel bedenk zoek zoekt vind vertel zeg lees laat neem zet sorteer ' +
  'voeg haal bied antwoord loont kun kan kunt mag moet zal hoe wat wanneer waar waarom welke welk wiens ' +
  'waarmee waarvoor waarop ik jij je hij zij ze het wij we jullie hen hun mij jou ons mijn jouw uw zijn ' +
  'onze deze dit die dat elk veel enkele sommige meerdere geen niets iets iemand men en maar want omdat ' +
  'toen zodat hoewel terwijl voordat nadat sinds tot voor met zonder tegen om door bij naar uit op aan ' +
  'onder boven achter naast tussen ondanks wegens niet alleen ook nog pas altijd nooit vaak soms ' +
  'vandaag gisteren nu daarna eerst later straks daar binnen buiten zeer heel erg vrij ongeveer ' +
  'minstens hoogstens liever graag nee misschien natuurlijk helaas bovendien vervolgens tenslotte ' +
  'steeds alinea paragraaf tekst woord zin kop hoofdstuk bladzijde pagina regel kolom rij tabel cel ' +
  'waarde getal cijfer cijfers som bedrag hoeveelheid aantal grootte hoogte breedte lengte diepte duur ' +
  'tijd dag week maand jaar kwartaal uur minuut seconde weekend feestdag vakantie pauze afspraak ' +
  'termijn begin einde start fase deel punt lijst overzicht samenvatting inleiding indeling conclusie ' +
  'voorbeeld sjabloon ontwerp voorstel oplossing probleem fout oorzaak reden gevolg doel taak onderwerp ' +
  'inhoud vorm stijl toon taal begrip betekenis definitie synoniem rijm kwatrijn strofe verhaal ' +
  'sprookje grap raadsel citaat aanhef groet bijlage notulen notulist opening terugblik vooruitblik ' +
  'rondvraag voorzitter vergadering bespreking overleg bijeenkomst uitnodiging afwijzing aanvraag ' +
  'offerte opdracht bestelling levering factuur herinnering aanmaning betaling tegoedbon korting ' +
  'stukprijs totaal belasting omzetbelasting btw omzet winst verlies rekening overboeking incasso ' +
  'krediet lening rente huur borg borgtocht contract opzegging opzegtermijn clausule wet vonnis ' +
  'rechtbank handtekening verzekering inboedelverzekering polis schade aansprakelijkheid klacht retour ' +
  'ruil bedrijf afdeling kantoor werkplek werk baan vacature sollicitatie sollicitant cv diploma ' +
  'salaris gesprek collega manager medewerker werknemer werkgever klant leverancier project planning ' +
  'rapport evaluatie statistiek grafiek presentatie cursus opleiding stage stagiair boekhouder monteur ' +
  'verhuurder huurder buurman buurvrouw moeder vader ouders kinderen leerling leraar lerares docent ' +
  'vriend vriendin lezer gebruiker bevestiging goedkeuring aanmelding afmelding registratie opmerking ' +
  'notitie toelichting waarschuwing melding reactie rooster dienstrooster toegangspas parkeren ' +
  'parkeerplaats aangifte maandafsluiting bankafstemming scherm toetsenbord camera telefoon ' +
  'stekker accu batterij geheugen schijf bestand bestandsnaam map directory netwerk wachtwoord ' +
  'gebruikersnaam programma toepassing stuurprogramma functie variabele lus uitdrukking bibliotheek ' +
  'pakket foutmelding foutcode uitzondering formulier knop venster pictogram lettertype kleur ' +
  'achtergrond spatie spaties dossier dossiernummer postcode reguliere expressie lookbehind keuken ' +
  'recept ingrediënt ingrediënten suiker zout nootmuskaat kaneel gist deeg brooddeeg boter olie ' +
  'melk room kwark eieren vlees groente groenten sla tomaat tomaten komkommer ui knoflook ' +
  'aardappel wortel asperges spinazie linzen erwten rijst pasta broodje taart koek koekje soep ' +
  'saus bouillon stoofpot ovenschotel ontbijt avondeten toetje drank water sap koffie thee wijn fornuis ' +
  'koekenpan kom mes vork lepel theelepel eetlepel snufje bakplaat koelkast vaatwasser lekbak ' +
  'woning huis kamer ruimte badkamer terras tuin kelder dak raam deur trap vloer muur plafond meubel ' +
  'kast plank stoel matras lamp tapijt gordijn verwarming vloerverwarming warmtepomp koudemiddel ' +
  'buitenlucht stroom isolatie verhuizing doos dozen plakband meterstand meterstanden adreswijziging ' +
  'sleutel sleutels gereedschap hamer schroef schroeven plug pluggen beugel beugels boor sporten trede ' +
  'ondergrond handschoen kwast verf reparatie onderhoud schoonmaak apparaat machine wasmachine droger ' +
  'stofzuiger slang rem band bestelbus fiets trein tram vlucht vliegveld station halte kaartje rugzak ' +
  'tas paspoort wandeling looptijd restwaarde leasen mest brandnetel brandnetelgier hoornmeel kas plant ' +
  'boom gazon heg zaad zaden oogst herfst kastanje sneeuw zon onweer kaars vuur rook lucht aarde bodem ' +
  'rivier weide dier hond kat paard varken kip insect meeuw meeuwen vuurtoren schuim stilte dokter arts ' +
  'ziekte symptoom pijn koorts hoest verkoudheid hoofdpijn medicijn tablet zalf vaccinatie bloeddruk ' +
  'behandeling operatie ziekenhuis praktijk voeding dieet beweging slaap oefening trainingsschema borst ' +
  'rug been benen schouder schouders buik triceps biceps spier rekken school klas examen toets ' +
  'huiswerk werkstuk opstel wiskunde natuurkunde scheikunde geschiedenis aardrijkskunde muziek formule ' +
  'vergelijking stelling bewijs kracht vermogen spanning weerstand druk temperatuur snelheid effect ' +
  'dopplereffect atoom molecuul stuk product productbeschrijving canvas linnen stof leer hout metaal ' +
  'kunststof schouderband schouderbanden vak voorvak waterafstotend stevig stevige gevoerd gevoerde ' +
  'comfortabel zwaar slecht snel langzaam goedkoop simpel moeilijk laag smal koud heet droog nat schoon ' +
  'vuil olijfgroen bakken koken kneden roeren snijden schillen mengen rusten kinderfeestje feestje ' +
  'ballon ballonnen draaischijf wachttijd';

/** What the last part of a compound noun is: none of these ends a surname. */
export const DUTCH_HEADS =
  'schaal schrijving verkoop inkoop vergelijking toestand afstand inzet omzet toevoeging ' +
  'plan planning lijst nummer teken bestand datum gegevens naam namen schema systeem dienst contract ' +
  'aanvraag rapport kaart boek blad brief tekst woord woorden zin titel regel regels wet termijn ' +
  'afspraak vergadering tabel reparatie pomp verwarming installatie apparaat machine gereedschap kosten ' +
  'prijs belasting betaling rekening factuur cursus training oefening taak programma functie fout ' +
  'melding waarschuwing proces methode tijd tijden duur uur uren dagen week maand kwartaal ruimte kamer ' +
  'keuken plaats plaatsen plek route deur raam muur dak vloer kabel stekker schakelaar lamp kast plank ' +
  'tas rugzak koffer doos fles blik pan lepel taart brood deeg soep saus sla sap wijn koffie water melk ' +
  'kaas vlees worst groente fruit pijn ziekte middel medicijn verhaal gedicht rijm lied spel spelen ' +
  'feest feestje vakantie reis rit vlucht wagen auto trein fiets band motor rem sleutel slot code getal ' +
  'waarde waarden bedrag hoeveelheid maat fase stap niveau gebied paragraaf hoofdstuk punt punten vraag ' +
  'vragen antwoord voorstel idee voorbeeld sjabloon ontwerp beeld foto grafiek diagram kleur stof ' +
  'papier hout buis slang filter meel suiker boter olie poeder zalf plant bloem zaad mest gier aarde ' +
  'lucht wind regen weer energie stroom warmte licht kracht druk temperatuur effect beweging snelheid ' +
  'bescherming beveiliging verzekering plicht recht clausule opzegging bevestiging goedkeuring ' +
  'vergunning opdracht bestelling levering aanbod analyse overzicht samenvatting beschrijving uitleg ' +
  'inleiding oplossing probleem klant klanten medewerker deelnemer gebruiker groep klas school leraar ' +
  'leerling kind kinderen ouders standen wijziging afsluiting meter';
