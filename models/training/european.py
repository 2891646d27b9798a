"""What fills the slots of the German, French, Spanish, Italian, Dutch and Portuguese frames
beside names: organisations made the local way, jobs, relatives, illnesses, dates, plain nouns."""
from __future__ import annotations

import random


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(";")]


# {S} is a surname, {C} a city, {B} a made-up brand, {W} a field of business.
ORGS = {
    "de": words("{S} GmbH;{S} & Söhne GmbH;{S} GmbH & Co. KG;{B} AG;{B} GmbH;{S} {W} GmbH;{W} {S} KG;{S} und Partner;Kanzlei {S};Autohaus {S};Bäckerei {S};Stadtwerke {C};Sparkasse {C};Volksbank {C};Universität {C};Technische Universität {C};Hochschule {C};Klinikum {C};Universitätsklinikum {C};Amtsgericht {C};Landgericht {C};Finanzamt {C};Stadt {C};Polizei {C};SV {C};FC {C};TSV {C};{B};{B} Versicherung;{B} Bank;{B} Krankenkasse;Gymnasium {C};Grundschule {C};IHK {C};Deutsche {W};Praxis Dr. {S};Apotheke am Markt;Deutsche Bahn;Telekom;Siemens;Bosch;BASF;Allianz;Lufthansa;AOK;Techniker Krankenkasse;Commerzbank;Rewe;Edeka;Aldi;Lidl;dm;Zalando;SAP;Volkswagen;BMW;Bundesagentur für Arbeit;Bundestag;Die Grünen;SPD;CDU;Caritas;Rotes Kreuz;Charité;Hausverwaltung {S};Spedition {S};{S} e.K.;{B} UG;{B} e.V.;Verein {B};Stiftung {B}"),
    "fr": words("{S} SARL;{S} SA;{S} SAS;{B} SAS;{B};Groupe {B};Société {S};{S} et Fils;Cabinet {S};Maison {S};Boulangerie {S};Garage {S};Transports {S};{W} {S};{B} {W};Banque {B};Assurances {B};Mutuelle {B};Université de {C};CHU de {C};Hôpital de {C};Clinique {S};Lycée {S};Collège {S};Mairie de {C};Tribunal de {C};Préfecture de {C};Commissariat de {C};Office du tourisme de {C};Olympique de {C};AS {C};FC {C};Crédit Agricole;BNP Paribas;Société Générale;La Poste;SNCF;EDF;Orange;SFR;Carrefour;Leclerc;Auchan;Renault;Peugeot;Airbus;Total;L'Oréal;Danone;Michelin;Air France;CPAM;URSSAF;Pôle emploi;CNRS;Sorbonne;Croix-Rouge;Sanofi;Axa;MAIF;Association {B};Éditions {S};Fondation {S};Pharmacie {S};Agence {S};Notaires {S} et associés;Le Monde"),
    "es": words("{S} S.L.;{S} S.A.;{S} e Hijos S.L.;{B} S.L.;{B} S.A.;{B} S.L.U.;{B};Grupo {B};Grupo {S};{W} {S};{W} {B} S.A.;Talleres {S};Construcciones {S};Transportes {S};Bufete {S};Clínica {S};Farmacia {S};Panadería {S};Asesoría {S};Inmobiliaria {S};Banco {B};Seguros {B};Universidad de {C};Universidad Politécnica de {C};Hospital de {C};Hospital General de {C};Ayuntamiento de {C};Juzgado de {C};Colegio {S};Instituto {S};Policía Local de {C};Real {C};Atlético {C};CD {C};Banco Santander;BBVA;CaixaBank;Telefónica;Movistar;Iberdrola;Endesa;Repsol;Inditex;Zara;Mercadona;El Corte Inglés;Renfe;Iberia;Correos;Mapfre;Seat;Agencia Tributaria;Seguridad Social;Cruz Roja;Cáritas;Guardia Civil;Pemex;Cemex;Editorial {S};Fundación {S};Asociación {B};Cooperativa {B};Gestoría {S};Hermanos {S};El País"),
    "it": words("{S} S.r.l.;{S} S.p.A.;{S} & Figli;Fratelli {S};{B} S.p.A.;{B} S.r.l.;{B} srl;{B};Gruppo {B};Gruppo {S};Studio {S};Studio legale {S};{W} {S};{W} {B};Officina {S};Panificio {S};Farmacia {S};Autotrasporti {S};Edilizia {S};Immobiliare {S};Banca {B};Assicurazioni {B};Università di {C};Politecnico di {C};Ospedale di {C};Clinica {S};Comune di {C};Tribunale di {C};Questura di {C};Liceo {S};Istituto {S};ASL {C};Camera di Commercio di {C};{C} Calcio;AC {C};Intesa Sanpaolo;UniCredit;Poste Italiane;Enel;Eni;TIM;Trenitalia;Ferrovie dello Stato;Fiat;Ferrari;Generali;Luxottica;Barilla;Esselunga;Coop;Conad;INPS;INAIL;Agenzia delle Entrate;Alitalia;Rai;Mediaset;Croce Rossa;Carabinieri;Guardia di Finanza;Leonardo;Pirelli;Ferrero;Fondazione {S};Associazione {B};Cooperativa {B};Edizioni {S};Corriere della Sera"),
    "nl": words("{S} B.V.;{S} BV;{S} & Zonen;Gebroeders {S};{B} B.V.;{B} N.V.;{B};{B} Groep;{S} {W} B.V.;{W} {S};Bakkerij {S};Garage {S};Transportbedrijf {S};Advocatenkantoor {S};Notariskantoor {S};Makelaardij {S};Huisartsenpraktijk {S};Apotheek {S};Bouwbedrijf {S};Universiteit {C};Hogeschool {C};Ziekenhuis {C};Gemeente {C};Rechtbank {C};Politie {C};ROC {C};Basisschool {B};FC {C};VV {C};Sparta {C};Rabobank;ING;ABN AMRO;Philips;Shell;KLM;KPN;Albert Heijn;Jumbo;Hema;Bol.com;Coolblue;PostNL;NS;Belastingdienst;UWV;ASML;Heineken;Unilever;Ziggo;Eneco;Achmea;Zilveren Kruis;DUO;Rijkswaterstaat;Ajax;Feyenoord;Rode Kruis;Woningstichting {B};Stichting {B};Vereniging {B};Uitgeverij {S};Verzekeringen {B};Installatietechniek {S};NRC;de Volkskrant;KBC;Colruyt"),
    "pt": words("{S} Ltda.;{S} Ltda;{S} & Filhos Lda.;{S} Lda;{S} S.A.;{B} Ltda.;{B} S.A.;{B} Lda.;{B};Grupo {B};Grupo {S};{W} {S};{W} {B} Ltda;Irmãos {S};Escritório {S} Advogados;Clínica {S};Farmácia {S};Padaria {S};Oficina {S};Construtora {S};Transportadora {S};Imobiliária {S};Supermercado {S};Banco {B};Seguros {B};Universidade de {C};Universidade Federal de {C};Hospital de {C};Hospital São {S};Prefeitura de {C};Câmara Municipal de {C};Tribunal de {C};Colégio {S};Escola {S};Polícia Civil de {C};Esporte Clube {C};FC {C};Banco do Brasil;Itaú;Bradesco;Caixa Econômica Federal;Petrobras;Vale;Embraer;Natura;Globo;Magazine Luiza;Correios;Vivo;Claro;TIM;Nubank;TAP;Galp;EDP;Sonae;Pingo Doce;CTT;Millennium BCP;Receita Federal;INSS;Ministério Público;USP;Unicamp;Fiocruz;Benfica;Sporting;Flamengo;Cruz Vermelha;Fundação {S};Associação {B};Cooperativa {B};Editora {S};Folha de S.Paulo"),
}
CITIES = {
    "de": words("München;Köln;Hamburg;Berlin;Frankfurt;Stuttgart;Düsseldorf;Leipzig;Dresden;Hannover;Nürnberg;Bremen;Essen;Dortmund;Duisburg;Bochum;Wuppertal;Bielefeld;Bonn;Münster;Karlsruhe;Mannheim;Augsburg;Wiesbaden;Kiel;Lübeck;Rostock;Freiburg;Mainz;Erfurt;Kassel;Potsdam;Heidelberg;Regensburg;Würzburg;Ulm;Konstanz;Wien;Graz;Salzburg;Innsbruck;Zürich;Basel;Bern;Genf;Luzern;St. Gallen;Bayern;Hessen;Sachsen;Thüringen;Baden-Württemberg;Nordrhein-Westfalen;Deutschland;Österreich;Schweiz;Frankreich;Italien;Spanien;Polen;Türkei;Ostsee;Bodensee;Schwarzwald;Kreuzberg;Schwabing;Rom;Mailand;Paris;Prag;Warschau;Mallorca;Garmisch-Partenkirchen;Rüdesheim am Rhein;Neustadt an der Weinstraße"),
    "fr": words("Paris;Lyon;Marseille;Toulouse;Nice;Nantes;Strasbourg;Montpellier;Bordeaux;Lille;Rennes;Reims;Le Havre;Saint-Étienne;Toulon;Grenoble;Dijon;Angers;Nîmes;Clermont-Ferrand;Brest;Tours;Limoges;Amiens;Perpignan;Metz;Besançon;Orléans;Rouen;Mulhouse;Caen;Nancy;Avignon;Poitiers;La Rochelle;Annecy;Bruxelles;Genève;Lausanne;Montréal;Québec;Bretagne;Normandie;Provence;Alsace;Corse;Île-de-France;France;Belgique;Suisse;Allemagne;Italie;Espagne;Maroc;Algérie;Tunisie;Sénégal;Londres;Rome;Lisbonne;la Bretagne;Montmartre;Villeneuve-sur-Lot;Aix-en-Provence;Le Mans"),
    "es": words("Madrid;Barcelona;Valencia;Sevilla;Zaragoza;Málaga;Murcia;Palma;Bilbao;Alicante;Córdoba;Valladolid;Vigo;Gijón;Granada;Vitoria;A Coruña;Elche;Oviedo;Badajoz;Cartagena;Jerez de la Frontera;Salamanca;Burgos;León;Cádiz;Toledo;Santander;Pamplona;San Sebastián;Tarragona;Girona;Ciudad de México;Guadalajara;Monterrey;Puebla;Bogotá;Medellín;Cali;Lima;Arequipa;Quito;Guayaquil;Santiago de Chile;Valparaíso;Buenos Aires;Rosario;Mendoza;Montevideo;Asunción;La Paz;Caracas;La Habana;San José;Panamá;España;México;Colombia;Perú;Chile;Argentina;Alemania;Francia;Andalucía;Cataluña;Galicia;Castilla y León;Londres;París;Lavapiés;Estados Unidos"),
    "it": words("Roma;Milano;Napoli;Torino;Palermo;Genova;Bologna;Firenze;Bari;Catania;Venezia;Verona;Messina;Padova;Trieste;Brescia;Parma;Taranto;Prato;Modena;Reggio Calabria;Reggio Emilia;Perugia;Livorno;Ravenna;Cagliari;Foggia;Rimini;Salerno;Ferrara;Sassari;Siracusa;Pescara;Bergamo;Trento;Vicenza;Bolzano;Novara;Udine;Ancona;Arezzo;Lecce;Siena;Pisa;Como;L'Aquila;La Spezia;Toscana;Sicilia;Lombardia;Puglia;Sardegna;Lazio;Veneto;Piemonte;Italia;Francia;Germania;Spagna;Svizzera;Londra;Parigi;Berlino;Trastevere;Lago di Garda;San Gimignano;Cinque Terre"),
    "nl": words("Amsterdam;Rotterdam;Den Haag;Utrecht;Groningen;Tilburg;Almere;Breda;Nijmegen;Apeldoorn;Haarlem;Arnhem;Enschede;Amersfoort;Den Bosch;'s-Hertogenbosch;Zwolle;Leiden;Maastricht;Dordrecht;Delft;Deventer;Alkmaar;Helmond;Hilversum;Middelburg;Assen;Gouda;Zoetermeer;Antwerpen;Gent;Brugge;Leuven;Brussel;Hasselt;Kortrijk;Oostende;Nederland;België;Duitsland;Frankrijk;Spanje;Engeland;Friesland;Limburg;Zeeland;Noord-Brabant;Vlaanderen;Texel;de Veluwe;Londen;Parijs;Berlijn;Suriname;Curaçao;De Pijp"),
    "pt": words("São Paulo;Rio de Janeiro;Brasília;Salvador;Fortaleza;Belo Horizonte;Manaus;Curitiba;Goiânia;Belém;Porto Alegre;Guarulhos;Campinas;São Luís;Natal;João Pessoa;Ribeirão Preto;Cuiabá;Vitória;Santos;Lisboa;Porto;Braga;Coimbra;Aveiro;Faro;Évora;Setúbal;Funchal;Guimarães;Leiria;Viseu;Cascais;Minas Gerais;Bahia;Pernambuco;Paraná;Rio Grande do Sul;Algarve;Alentejo;Madeira;Açores;Brasil;Portugal;Espanha;França;Alemanha;Itália;Angola;Moçambique;Estados Unidos;Copacabana;Vila Nova de Gaia;Ouro Preto"),
}
BRAND_A = words("Nord;Sol;Alto;Nova;Lumi;Vita;Terra;Aqua;Medi;Inno;Opti;Prima;Euro;Delta;Omni;Velo;Cargo;Digi;Eco;Helio;Luna;Mira;Orbi;Penta;Quanta;Rapi;Senti;Trans;Uni;Vero;Zeta;Astra;Bio;Ceta;Fama;Gala")
BRAND_B = words("tec;plan;med;data;net;soft;werk;line;max;con;via;lux;port;pharm;gen;log;fin;bau;mar;ware;tex;dis;nova;ris;tia;sol;dent;serv;com;form")
# Organisations named like shops: a kind and a plain word or two.
SHOPS = {
    "de": (words("Apotheke;Praxis;Pension;Gasthof;Kita;Hofladen;Reisebüro;Verlag;Werkstatt;Schule;Klinik;Pflegeheim;Buchhandlung;Fahrschule"), words("am Park;zur Linde;Sonnenschein;Regenbogen;an der Mühle;am Stadttor;Drei Eichen;Rosengarten;Abendstern;zum Löwen;Waldblick;am See;Morgentau;Goldener Hirsch")),
    "fr": (words("Pharmacie;Clinique;École;Résidence;Hôtel;Boulangerie;Librairie;Crèche;Garage;Cabinet;Agence;Éditions;Auberge;Ferme"), words("du Parc;des Tilleuls;de la Gare;du Vieux Moulin;des Roses;Belle Vue;du Soleil;des Deux Rives;Bon Accueil;du Lac;Les Hirondelles;Saint-Antoine;de l'Étoile;des Pins")),
    "es": (words("Farmacia;Clínica;Colegio;Hostal;Panadería;Librería;Guardería;Taller;Gestoría;Editorial;Residencia;Bodegas;Inmobiliaria;Academia"), words("del Parque;La Estrella;Los Olivos;del Puerto;San Antonio;El Roble;Buena Vista;Dos Ríos;La Paloma;del Sol;Las Rosas;Santa Lucía;El Molino;Tres Hermanos")),
    "it": (words("Farmacia;Clinica;Scuola;Albergo;Panificio;Libreria;Asilo;Officina;Studio;Edizioni;Residenza;Cantina;Immobiliare;Trattoria"), words("al Parco;La Stella;Gli Ulivi;del Porto;Sant'Antonio;Due Pini;Bella Vista;al Mulino;La Rondine;del Sole;Le Rose;Santa Lucia;Quattro Venti;della Rocca")),
    "nl": (words("Apotheek;Praktijk;Stichting;School;Hotel;Bakkerij;Boekhandel;Kinderopvang;Garage;Makelaardij;Uitgeverij;Zorgcentrum;Vereniging;Rijschool"), words("De Linde;Het Park;Zonneschijn;Regenboog;De Molen;Vier Eiken;Rozenhof;De Brug;Avondster;De Leeuw;Waterkant;Het Anker;De Toren;Lentebloem")),
    "pt": (words("Farmácia;Clínica;Colégio;Pousada;Padaria;Livraria;Creche;Oficina;Imobiliária;Editora;Residencial;Adega;Academia;Escola"), words("do Parque;Estrela;das Oliveiras;do Porto;Santo Antônio;Bela Vista;Dois Irmãos;do Moinho;Andorinha;do Sol;das Rosas;Santa Luzia;Boa Esperança;Três Pinheiros")),
}
BUSINESS = {
    "de": words("Bau;Logistik;Maschinenbau;Elektrotechnik;Immobilien;Steuerberatung;Energie;Medien;Gebäudereinigung;Metallbau;Software;Consulting;Pflegedienst;Gartenbau;Sanitär"),
    "fr": words("Plomberie;Menuiserie;Électricité;Logistique;Conseil;Informatique;Immobilier;Énergie;Médias;Nettoyage;Bâtiment;Restauration;Santé;Formation"),
    "es": words("Logística;Construcciones;Consultoría;Energía;Alimentación;Informática;Reformas;Viajes;Limpiezas;Ingeniería;Distribuciones;Electricidad;Muebles;Servicios"),
    "it": words("Logistica;Costruzioni;Consulenza;Energia;Informatica;Alimentari;Trasporti;Impianti;Arredamenti;Servizi;Pulizie;Ingegneria;Viaggi;Meccanica"),
    "nl": words("Logistiek;Bouw;Advies;Energie;Techniek;Schoonmaak;Software;Zorg;Vastgoed;Groothandel;Media;Transport;Tuinen;Keukens"),
    "pt": words("Logística;Engenharia;Consultoria;Energia;Informática;Alimentos;Transportes;Serviços;Móveis;Viagens;Construções;Limpeza;Saúde;Tecnologia"),
}
MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
DAYS = {
    "de": words("Montag;Dienstag;Mittwoch;Donnerstag;Freitag;Samstag;Sonntag;morgen;heute;nächste Woche;Ende des Monats"),
    "fr": words("lundi;mardi;mercredi;jeudi;vendredi;samedi;dimanche;demain;aujourd'hui;la semaine prochaine;la fin du mois"),
    "es": words("lunes;martes;miércoles;jueves;viernes;sábado;domingo;mañana;hoy;la semana que viene;fin de mes"),
    "it": words("lunedì;martedì;mercoledì;giovedì;venerdì;sabato;domenica;domani;oggi;la settimana prossima;fine mese"),
    "nl": words("maandag;dinsdag;woensdag;donderdag;vrijdag;zaterdag;zondag;morgen;vandaag;volgende week;het einde van de maand"),
    "pt": words("segunda-feira;terça-feira;quarta-feira;quinta-feira;sexta-feira;sábado;domingo;amanhã;hoje;a próxima semana;o fim do mês"),
}
# J: jobs, FAM: relatives, DX: illnesses, TOPIC: subjects, N: plain nouns (German ones with their capital).
POOLS = {
    "de": {
        "J": words("Geschäftsführer;Geschäftsführerin;Buchhalterin;Ingenieur;Krankenschwester;Lehrer;Lehrerin;Projektleiter;Sachbearbeiter;Vertriebsleiterin;Anwalt;Softwareentwickler;Hausmeister;Professorin;Trainer;Abteilungsleiter;Pressesprecherin;Bürgermeister;Verkäuferin;Elektriker;Personalchefin;Oberarzt;Koch;Redakteurin"),
        "FAM": words("Frau;Mann;Bruder;Schwester;Mutter;Vater;Sohn;Tochter;Freundin;Freund;Chefin;Kollegin;Nachbar;Oma;Opa;Tante;Onkel;Mitbewohner;Schwiegermutter"),
        "DX": words("Diabetes Typ 2;Bluthochdruck;Lungenentzündung;Migräne;Asthma;einer Fraktur;Rückenschmerzen;Morbus Crohn;Depression;Grippe;Parkinson;Alzheimer"),
        "TOPIC": words("Rechnung;Vertragsverlängerung;Angebot;Umzug;Kündigung;Urlaubsantrag;Jahresabschluss;Reklamation;Lieferverzug;Besprechung am Montag;Projektplan;Bewerbung;Mietminderung"),
        "N": words("Rechnung;Vertrag;Angebot;Kunde;Lieferung;Tabelle;Bericht;Server;Datenbank;Fenster;Garten;Auto;Fahrrad;Hund;Katze;Wetter;Schule;Arbeit;Urlaub;Wohnung;Miete;Küche;Rezept;Kartoffel;Tomate;Kuchen;Brot;Kaffee;Buch;Film;Musik;Gedicht;Aufsatz;Zusammenfassung;Sprache;Grammatik;Prüfung;Bewerbung;Lebenslauf;Gehalt;Steuer;Versicherung;Konto;Bank;Kredit;Zinsen;Kosten;Preis;Markt;Strategie;Team;Projekt;Termin;Besprechung;Protokoll;Präsentation;Folie;Diagramm;Formel;Programm;Funktion;Klasse;Methode;Fehler;Schnittstelle;Passwort;Zugang;Drucker;Bildschirm;Telefon;Gesundheit;Ernährung;Sport;Training;Schlaf;Stress;Kopfschmerzen;Medikament;Arzt;Krankenhaus;Impfung;Kind;Eltern;Großmutter;Freundschaft;Liebe;Hochzeit;Geburtstag;Geschenk;Weihnachten;Sommer;Winter;Herbst;Frühling;Reise;Zug;Flughafen;Hotel;Strand;Berg;Wald;Fluss;Himmel;Sonne;Mond;Stern;Energie;Strom;Heizung;Umwelt;Klima;Wasser;Luft;Müll;Verkehr;Straße;Brücke;Gebäude;Gesetz;Gericht;Urteil;Frist;Kündigung;Vollmacht;Datenschutz;Richtlinie;Verordnung;Freiheit;Gerechtigkeit;Geschichte;Krieg;Frieden;Wirtschaft;Industrie;Handwerk;Forschung;Wissenschaft;Physik;Chemie;Mathematik;Gleichung;Dreieck;Zahl;Ergebnis;Lösung;Aufgabe;Frage;Antwort;Meinung;Idee;Plan;Ziel;Erfolg;Problem;Risiko;Vorteil;Nachteil;Unterschied;Beispiel;Anleitung;Überschrift;Absatz;Satz;Wort;Text"),
    },
    "fr": {
        "J": words("directeur;directrice;comptable;ingénieur;infirmière;professeur;cheffe de projet;avocat;développeur;vendeuse;médecin généraliste;secrétaire;journaliste;maire;technicien;responsable RH;porte-parole;kinésithérapeute;consultante;chercheur"),
        "FAM": words("femme;mari;frère;sœur;mère;père;fils;fille;copine;copain;cheffe;collègue;voisin;grand-mère;tante;oncle;colocataire"),
        "DX": words("diabète de type 2;hypertension;pneumonie;migraine;asthme;une fracture du poignet;dépression;grippe;maladie de Crohn;douleurs lombaires"),
        "TOPIC": words("facture;devis;renouvellement du contrat;déménagement;résiliation;demande de congé;réclamation;retard de livraison;réunion de lundi;candidature;bail"),
        "N": words("facture;contrat;devis;client;livraison;tableau;rapport;serveur;base de données;jardin;voiture;vélo;chien;chat;météo;école;travail;vacances;appartement;loyer;cuisine;recette;gâteau;pain;café;livre;film;musique;poème;résumé;langue;grammaire;examen;candidature;salaire;impôt;assurance;compte;banque;crédit;prix;marché;stratégie;équipe;projet;réunion;présentation;formule;fonction;erreur;mot de passe;imprimante;écran;santé;alimentation;sport;sommeil;stress;médicament;hôpital;enfant;parents;amitié;mariage;anniversaire;cadeau;été;hiver;voyage;train;aéroport;plage;montagne;forêt;soleil;lune;énergie;climat;eau;déchets;circulation;loi;tribunal;délai;procuration;liberté;histoire;guerre;paix;économie;recherche;physique;chimie;équation;nombre;résultat;solution;question;réponse;idée;objectif;problème;risque;avantage;différence;exemple;titre;phrase;mot;texte"),
    },
    "es": {
        "J": words("director general;directora;contable;ingeniero;enfermera;profesor;profesora;abogado;programadora;vendedor;médico;secretaria;periodista;alcalde;técnico;jefa de recursos humanos;portavoz;fisioterapeuta;investigadora;camarero"),
        "FAM": words("mujer;marido;hermano;hermana;madre;padre;hijo;hija;novia;novio;jefa;compañero;vecino;abuela;tía;tío;suegra;primo"),
        "DX": words("diabetes tipo 2;hipertensión;neumonía;migraña;asma;una fractura de muñeca;depresión;gripe;enfermedad de Crohn;dolor lumbar"),
        "TOPIC": words("factura;presupuesto;renovación del contrato;mudanza;baja del servicio;solicitud de vacaciones;reclamación;retraso en la entrega;reunión del lunes;candidatura;alquiler"),
        "N": words("factura;contrato;presupuesto;cliente;entrega;tabla;informe;servidor;base de datos;jardín;coche;bicicleta;perro;gato;tiempo;escuela;trabajo;vacaciones;piso;alquiler;cocina;receta;tarta;pan;café;libro;película;música;poema;resumen;idioma;gramática;examen;sueldo;impuesto;seguro;cuenta;banco;crédito;precio;mercado;estrategia;equipo;proyecto;reunión;presentación;fórmula;función;error;contraseña;impresora;pantalla;salud;alimentación;deporte;sueño;estrés;medicamento;hospital;niño;padres;amistad;boda;cumpleaños;regalo;verano;invierno;viaje;tren;aeropuerto;playa;montaña;bosque;sol;luna;energía;clima;agua;basura;tráfico;ley;tribunal;plazo;poder notarial;libertad;historia;guerra;paz;economía;investigación;física;química;ecuación;número;resultado;solución;pregunta;respuesta;idea;objetivo;problema;riesgo;ventaja;diferencia;ejemplo;título;frase;palabra;texto"),
    },
    "it": {
        "J": words("direttore;direttrice;contabile;ingegnere;infermiera;professore;insegnante;avvocato;programmatore;commessa;medico;segretaria;giornalista;sindaco;tecnico;responsabile del personale;portavoce;fisioterapista;ricercatrice;cameriere"),
        "FAM": words("moglie;marito;fratello;sorella;madre;padre;figlio;figlia;fidanzata;fidanzato;capa;collega;vicino;nonna;zia;zio;suocera;cugino"),
        "DX": words("diabete di tipo 2;ipertensione;polmonite;emicrania;asma;frattura del polso;depressione;influenza;morbo di Crohn;mal di schiena"),
        "TOPIC": words("fattura;preventivo;rinnovo del contratto;trasloco;disdetta;richiesta di ferie;reclamo;ritardo nella consegna;riunione di lunedì;candidatura;affitto"),
        "N": words("fattura;contratto;preventivo;cliente;consegna;tabella;relazione;server;banca dati;giardino;macchina;bicicletta;cane;gatto;tempo;scuola;lavoro;vacanze;appartamento;affitto;cucina;ricetta;torta;pane;caffè;libro;film;musica;poesia;riassunto;lingua;grammatica;esame;stipendio;tassa;assicurazione;conto;banca;credito;prezzo;mercato;strategia;squadra;progetto;riunione;presentazione;formula;funzione;errore;password;stampante;schermo;salute;alimentazione;sport;sonno;stress;farmaco;ospedale;bambino;genitori;amicizia;matrimonio;compleanno;regalo;estate;inverno;viaggio;treno;aeroporto;spiaggia;montagna;bosco;sole;luna;energia;clima;acqua;rifiuti;traffico;legge;tribunale;scadenza;procura;libertà;storia;guerra;pace;economia;ricerca;fisica;chimica;equazione;numero;risultato;soluzione;domanda;risposta;idea;obiettivo;problema;rischio;vantaggio;differenza;esempio;titolo;frase;parola;testo"),
    },
    "nl": {
        "J": words("directeur;boekhouder;ingenieur;verpleegkundige;docent;advocaat;programmeur;verkoopster;huisarts;secretaresse;journalist;burgemeester;monteur;personeelschef;woordvoerder;fysiotherapeut;onderzoeker;kok;projectleider;adviseur"),
        "FAM": words("vrouw;man;broer;zus;moeder;vader;zoon;dochter;vriendin;vriend;baas;collega;buurman;oma;opa;tante;oom;huisgenoot;schoonmoeder"),
        "DX": words("diabetes type 2;hoge bloeddruk;longontsteking;migraine;astma;een gebroken pols;depressie;griep;de ziekte van Crohn;rugpijn"),
        "TOPIC": words("factuur;offerte;contractverlenging;verhuizing;opzegging;verlofaanvraag;klacht;late levering;vergadering van maandag;sollicitatie;huurverhoging"),
        "N": words("factuur;contract;offerte;klant;levering;tabel;rapport;server;database;tuin;auto;fiets;hond;kat;weer;school;werk;vakantie;woning;huur;keuken;recept;taart;brood;koffie;boek;film;muziek;gedicht;samenvatting;taal;grammatica;examen;sollicitatie;salaris;belasting;verzekering;rekening;bank;lening;prijs;markt;strategie;team;project;vergadering;presentatie;formule;functie;fout;wachtwoord;printer;scherm;gezondheid;voeding;sport;slaap;stress;medicijn;ziekenhuis;kind;ouders;vriendschap;bruiloft;verjaardag;cadeau;zomer;winter;reis;trein;vliegveld;strand;berg;bos;zon;maan;energie;klimaat;water;afval;verkeer;wet;rechtbank;termijn;volmacht;vrijheid;geschiedenis;oorlog;vrede;economie;onderzoek;natuurkunde;scheikunde;vergelijking;getal;resultaat;oplossing;vraag;antwoord;idee;doel;probleem;risico;voordeel;verschil;voorbeeld;titel;zin;woord;tekst"),
    },
    "pt": {
        "J": words("diretor;diretora;contador;engenheiro;enfermeira;professor;professora;advogado;programadora;vendedor;médico;secretária;jornalista;prefeito;técnico;gerente de RH;porta-voz;fisioterapeuta;pesquisadora;garçom"),
        "FAM": words("esposa;marido;irmão;irmã;mãe;pai;filho;filha;namorada;namorado;chefe;colega;vizinho;avó;tia;tio;sogra;primo"),
        "DX": words("diabetes tipo 2;hipertensão;pneumonia;enxaqueca;asma;uma fratura no pulso;depressão;gripe;doença de Crohn;dor lombar"),
        "TOPIC": words("fatura;orçamento;renovação do contrato;mudança;cancelamento;pedido de férias;reclamação;atraso na entrega;reunião de segunda;candidatura;aluguel"),
        "N": words("fatura;contrato;orçamento;cliente;entrega;tabela;relatório;servidor;banco de dados;jardim;carro;bicicleta;cachorro;gato;tempo;escola;trabalho;férias;apartamento;aluguel;cozinha;receita;bolo;pão;café;livro;filme;música;poema;resumo;língua;gramática;prova;salário;imposto;seguro;conta;banco;crédito;preço;mercado;estratégia;equipe;projeto;reunião;apresentação;fórmula;função;erro;senha;impressora;tela;saúde;alimentação;esporte;sono;estresse;remédio;hospital;criança;pais;amizade;casamento;aniversário;presente;verão;inverno;viagem;trem;aeroporto;praia;montanha;floresta;sol;lua;energia;clima;água;lixo;trânsito;lei;tribunal;prazo;procuração;liberdade;história;guerra;paz;economia;pesquisa;física;química;equação;número;resultado;solução;pergunta;resposta;ideia;objetivo;problema;risco;vantagem;diferença;exemplo;título;frase;palavra;texto"),
    },
}


def brand(r: random.Random) -> str:
    name = r.choice(BRAND_A) + r.choice(BRAND_B)
    return name if r.random() < 0.75 else f"{r.choice(BRAND_A)} {r.choice(BRAND_B).capitalize()}"


def org(r: random.Random, lang: str, last: str, city: str) -> str:
    if r.random() < 0.2:
        return " ".join(r.choice(part) for part in SHOPS[lang])
    made = r.choice(ORGS[lang]).replace("{S}", last).replace("{C}", city)
    return made.replace("{B}", brand(r)).replace("{W}", r.choice(BUSINESS[lang]))


def when(r: random.Random, lang: str) -> str:
    y, m, d = r.randint(1950, 2026), r.randint(1, 12), r.randint(1, 28)
    month = MONTHS[lang].split()[m - 1]
    full = {"de": f"{d}. {month} {y}", "es": f"{d} de {month} de {y}", "pt": f"{d} de {month} de {y}"}.get(lang, f"{d} {month} {y}")
    return r.choice([full, full, f"{d:02}.{m:02}.{y}" if lang == "de" else f"{d:02}/{m:02}/{y}", f"{d}-{m}-{y}", f"{y}-{m:02}-{d:02}", r.choice(DAYS[lang]), r.choice(DAYS[lang])])


def value(r: random.Random, lang: str, kind: str) -> str | None:
    """A filling in the language; None for another's slot. W is a plain noun."""
    if kind == "D":
        return when(r, lang)
    return r.choice(POOLS[lang]["N" if kind == "W" else kind]) if kind in ("J", "FAM", "DX", "TOPIC", "W") else None
