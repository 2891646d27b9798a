"""Plain European sentences made of word lists: no sense is needed, only that capitals at the head of
a sentence or of a heading, German nouns and words never seen elsewhere are no names."""
from __future__ import annotations

import random
from pathlib import Path

from european import POOLS, words

# S: how sentences begin; V: verbs; I: requests; A: adjectives; D: articles and the like; P: prepositions; E: ends.
LISTS = {
    "de": {
        "S": "Außerdem;Gestern;Leider;Trotzdem;Danach;Zuerst;Manchmal;Vielleicht;Natürlich;Deshalb;Meistens;Heute Abend;Im Sommer;Nach dem Essen;Vor der Abreise;Bei Regen;Ohne Zweifel;Seit Jahren;Inzwischen;Eigentlich;Normalerweise;Am Wochenende;Im Moment;Auf Wunsch;Laut Anleitung;Zum Schluss;Wegen der Hitze;Trotz allem;Während der Pause;Kurz darauf;Beim Kochen;Je nach Lage;Mit etwas Glück;Wenn möglich;Sobald es geht;Obwohl es schneit;Weil niemand fragt;Ob das stimmt",
        "V": "liegt;steht;kostet;braucht;zeigt;enthält;beginnt;endet;läuft;bleibt;wächst;sinkt;hilft;fehlt;passt;dauert;gehört;wirkt;entsteht;funktioniert;beschreibt;erklärt;vergleicht;öffnet;schließt;reicht;ändert;verhindert;erhöht;senkt;trennt;verbindet;klingt;schmeckt;riecht;glänzt;trocknet;kocht;brennt;bricht",
        "I": "Nenne;Erkläre;Vergleiche;Beschreibe;Liste;Schreibe;Prüfe;Ergänze;Kürze;Ordne;Sortiere;Übersetze;Berechne;Zeichne;Entwirf;Plane;Korrigiere;Formuliere;Analysiere;Bewerte;Erstelle;Lösche;Speichere;Öffne;Rühre;Backe;Schneide;Wasche;Gieße;Mische;Wähle;Klicke auf;Achte auf;Denk an",
        "A": "große;kleine;alte;neue;schnelle;langsame;teure;billige;rote;blaue;weiche;harte;frische;trockene;leise;laute;helle;dunkle;lange;kurze;breite;schmale;saubere;kaputte;seltene;wichtige;einfache;schwierige;gesunde;müde;offene;geschlossene;warme;kalte;jährliche;gesetzliche;mündliche;schriftliche",
        "D": "der;die;das;ein;eine;kein;keine;dieser;diese;jede;unser;mein;ihre;seine;den;dem;einer;manche;alle;beide",
        "P": "in;auf;unter;über;neben;hinter;vor;mit;ohne;für;gegen;von;aus;bei;nach;seit;wegen;während;zwischen;durch",
        "E": "bei starkem Wind;nach der Reparatur;ohne große Mühe;am frühen Morgen;in kurzer Zeit;mit viel Geduld;aus alter Gewohnheit;zum halben Preis;auf eigene Gefahr;unter Aufsicht;im Durchschnitt;nicht immer;wie geplant;so schnell wie möglich;gegen Aufpreis;bis auf Weiteres",
        "M": "Stuhl;Teppich;Schrank;Lampe;Pfanne;Topf;Löffel;Gabel;Messer;Schüssel;Backofen;Kühlschrank;Waschmaschine;Staubsauger;Hammer;Nagel;Schraube;Säge;Farbe;Pinsel;Wand;Decke;Boden;Dach;Keller;Treppe;Aufzug;Balkon;Zaun;Rasen;Blume;Rose;Tulpe;Eiche;Buche;Tanne;Apfel;Birne;Kirsche;Zwiebel;Gurke;Möhre;Erbse;Linse;Nudel;Soße;Suppe;Salat;Käse;Wurst;Schinken;Butter;Sahne;Honig;Zucker;Salz;Pfeffer;Zimt;Vogel;Adler;Amsel;Pferd;Kuh;Schwein;Schaf;Ziege;Huhn;Ente;Biene;Ameise;Spinne;Fisch;Lachs;Forelle;Hand;Fuß;Knie;Rücken;Schulter;Auge;Ohr;Nase;Mund;Zahn;Herz;Lunge;Leber;Niere;Haut;Fieber;Husten;Schnupfen;Allergie;Salbe;Tablette;Spritze;Verband;Rezept;Chirurg;Pfleger;Richter;Anwalt;Schöffe;Klage;Berufung;Einspruch;Bescheid;Antrag;Formular;Stempel;Unterschrift;Ausweis;Führerschein;Zeugnis;Ausbildung;Lehrling;Meister;Geselle;Betriebsrat;Gewerkschaft;Streik;Lohn;Zuschlag;Schicht;Pause;Feierabend;Rente;Haushalt;Guthaben;Überweisung;Lastschrift;Mahnung;Gutschrift;Rabatt;Umsatz;Gewinn;Verlust;Bilanz;Inventar;Lieferschein;Palette;Spediteur;Zoll;Fracht;Rechner;Tastatur;Maus;Laufwerk;Ordner;Verzeichnis;Datei;Anhang;Browser;Schaltfläche;Auswahl;Eingabe;Ausgabe;Schleife;Bedingung;Rückgabewert;Kelvin;Volt;Ampere;Messing;Kupfer;Eisen;Stahl;Beton;Holz;Glas;Leinen;Wolle;Seide",
    },
    "fr": {
        "S": "Hier;Demain;Parfois;Souvent;Ensuite;D'abord;Enfin;Malheureusement;Heureusement;Cependant;Pourtant;Donc;En été;En hiver;Après le repas;Avant de partir;Sans doute;Depuis longtemps;Normalement;Le matin;Le week-end;Pour le moment;Selon la notice;Au début;À la fin;Malgré tout;Pendant la pause;Peu après;Si possible;Dès que possible;Quand il neige;Comme prévu;Chez nous;Dans ce cas;Sur demande",
        "V": "coûte;montre;contient;commence;termine;reste;pousse;baisse;aide;manque;dure;marche;décrit;explique;compare;ouvre;ferme;suffit;change;empêche;augmente;sépare;relie;sent;brille;sèche;cuit;brûle;casse;convient;semble;devient;demande;permet;propose;tombe;arrive;part;revient",
        "I": "Cite;Explique;Compare;Décris;Liste;Écris;Vérifie;Complète;Raccourcis;Classe;Trie;Traduis;Calcule;Dessine;Imagine;Planifie;Corrige;Formule;Analyse;Évalue;Crée;Supprime;Enregistre;Ouvre;Mélange;Coupe;Lave;Verse;Choisis;Clique sur;Pense à;Donne;Propose;Trouve;Ajoute;Remplace",
        "A": "grande;petite;vieille;nouvelle;rapide;lente;chère;rouge;bleue;douce;dure;fraîche;sèche;claire;sombre;longue;courte;large;étroite;propre;cassée;rare;simple;difficile;saine;fatiguée;ouverte;fermée;chaude;froide;annuelle;légale;orale;écrite",
        "D": "le;la;les;un;une;des;ce;cette;ces;mon;ma;notre;votre;leur;chaque;quelques;plusieurs;aucun",
        "P": "dans;sur;sous;avec;sans;pour;contre;chez;après;avant;depuis;pendant;entre;par;vers;de;à",
        "E": "par grand vent;après la réparation;sans effort;tôt le matin;en peu de temps;à moitié prix;sous surveillance;en moyenne;pas toujours;comme prévu;au plus vite;jusqu'à nouvel ordre;à vos risques;par habitude",
        "M": "chaise;tapis;armoire;lampe;poêle;casserole;cuillère;fourchette;couteau;four;frigo;machine à laver;marteau;clou;vis;scie;peinture;mur;plafond;sol;toit;cave;escalier;ascenseur;balcon;clôture;pelouse;fleur;rose;tulipe;chêne;sapin;pomme;poire;cerise;oignon;concombre;carotte;pois;lentille;pâtes;sauce;soupe;salade;fromage;jambon;beurre;crème;miel;sucre;sel;poivre;cannelle;oiseau;aigle;cheval;vache;cochon;mouton;chèvre;poule;canard;abeille;fourmi;araignée;poisson;saumon;main;pied;genou;dos;épaule;œil;oreille;nez;bouche;dent;cœur;poumon;foie;rein;peau;fièvre;toux;rhume;allergie;pommade;comprimé;piqûre;ordonnance;juge;plainte;appel;formulaire;tampon;signature;permis;diplôme;apprenti;syndicat;grève;prime;équipe de nuit;retraite;virement;prélèvement;rappel;avoir;remise;chiffre;bénéfice;perte;bilan;stock;palette;douane;ordinateur;clavier;souris;dossier;fichier;pièce jointe;navigateur;bouton;boucle;cuivre;fer;acier;béton;bois;verre;laine;soie",
    },
    "es": {
        "S": "Ayer;Mañana;A veces;Luego;Primero;Además;Por desgracia;Por suerte;Sin embargo;Por eso;En verano;En invierno;Después de comer;Antes de salir;Sin duda;Desde hace años;Normalmente;Por la mañana;El fin de semana;De momento;Según las instrucciones;Al principio;Al final;A pesar de todo;Durante la pausa;Poco después;Si es posible;Cuanto antes;Cuando nieva;Como estaba previsto;En ese caso;Bajo pedido;Quizá;Todavía;Aunque llueve;Porque nadie pregunta",
        "V": "cuesta;muestra;contiene;empieza;termina;queda;crece;baja;ayuda;falta;dura;funciona;describe;explica;compara;abre;cierra;basta;cambia;impide;aumenta;separa;une;huele;brilla;seca;cuece;quema;rompe;conviene;parece;pide;permite;propone;cae;llega;sale;vuelve;estaba;tenía;decía;pasaba;comía;durmió;llamaron;vinieron;pondrán;harán;iremos;sabríamos",
        "I": "Nombra;Explica;Compara;Describe;Enumera;Escribe;Revisa;Completa;Acorta;Ordena;Clasifica;Traduce;Calcula;Dibuja;Imagina;Planifica;Corrige;Formula;Analiza;Evalúa;Crea;Borra;Guarda;Abre;Mezcla;Corta;Lava;Vierte;Elige;Pulsa;Piensa en;Da;Propón;Busca;Añade;Cambia;Redacta;Resume;Inventa;Ponme;Hazme;Dime",
        "A": "grande;pequeña;vieja;nueva;rápida;lenta;cara;roja;azul;suave;dura;fresca;seca;clara;oscura;larga;corta;ancha;estrecha;limpia;rota;rara;simple;difícil;sana;cansada;abierta;cerrada;caliente;fría;anual;legal;oral;escrita;cortés;amable;antiguo;pesado;barato;lleno",
        "D": "el;la;los;las;un;una;unos;este;esta;estos;mi;tu;su;nuestro;cada;algunos;varios;ningún",
        "P": "en;sobre;bajo;con;sin;para;contra;tras;desde;hasta;durante;entre;por;hacia;de;a",
        "E": "con viento fuerte;después de la reparación;sin esfuerzo;a primera hora;en poco tiempo;a mitad de precio;bajo vigilancia;de media;no siempre;como siempre;lo antes posible;hasta nuevo aviso;por costumbre;poco a poco",
        "M": "silla;alfombra;armario;lámpara;sartén;olla;cuchara;tenedor;cuchillo;horno;nevera;lavadora;martillo;clavo;tornillo;sierra;pintura;pared;techo;suelo;tejado;sótano;escalera;ascensor;balcón;valla;césped;flor;rosa;tulipán;roble;pino;manzana;pera;cereza;cebolla;pepino;zanahoria;guisante;lenteja;pasta;salsa;sopa;ensalada;queso;jamón;mantequilla;nata;miel;azúcar;sal;pimienta;canela;pájaro;águila;caballo;vaca;cerdo;oveja;cabra;gallina;pato;abeja;hormiga;araña;pez;salmón;mano;pie;rodilla;espalda;hombro;ojo;oreja;nariz;boca;diente;corazón;pulmón;hígado;riñón;piel;fiebre;tos;resfriado;alergia;pomada;pastilla;inyección;receta médica;juez;demanda;recurso;formulario;sello;firma;carné;título;aprendiz;sindicato;huelga;plus;turno de noche;jubilación;transferencia;recibo;aviso;abono;descuento;cifra;beneficio;pérdida;balance;inventario;palé;aduana;ordenador;teclado;ratón;carpeta;archivo;adjunto;navegador;botón;bucle;cobre;hierro;acero;hormigón;madera;vidrio;lana;seda;plaza;puente;camino;esquina",
    },
    "it": {
        "S": "Ieri;Domani;A volte;Poi;Prima;Inoltre;Purtroppo;Per fortuna;Tuttavia;Perciò;D'estate;D'inverno;Dopo pranzo;Prima di partire;Senza dubbio;Da anni;Di solito;Al mattino;Nel fine settimana;Per ora;Secondo le istruzioni;All'inizio;Alla fine;Nonostante tutto;Durante la pausa;Poco dopo;Se possibile;Appena possibile;Quando nevica;Come previsto;In quel caso;Su richiesta;Forse;Ancora;Anche se piove;Perché nessuno chiede",
        "V": "costa;mostra;contiene;comincia;finisce;resta;cresce;cala;aiuta;manca;dura;funziona;descrive;spiega;confronta;apre;chiude;basta;cambia;impedisce;aumenta;separa;unisce;profuma;brilla;asciuga;cuoce;brucia;rompe;conviene;sembra;chiede;permette;propone;cade;arriva;parte;torna;era;aveva;diceva;passava;mangiava;dormì;chiamarono;vennero;faranno;andremo;saprebbe",
        "I": "Elenca;Spiega;Confronta;Descrivi;Scrivi;Controlla;Completa;Accorcia;Ordina;Traduci;Calcola;Disegna;Immagina;Pianifica;Correggi;Formula;Analizza;Valuta;Crea;Cancella;Salva;Apri;Mescola;Taglia;Lava;Versa;Scegli;Premi;Pensa a;Dammi;Proponi;Cerca;Aggiungi;Cambia;Redigi;Riassumi;Inventa;Preparami;Dimmi",
        "A": "grande;piccola;vecchia;nuova;veloce;lenta;cara;rossa;azzurra;morbida;dura;fresca;asciutta;chiara;scura;lunga;corta;larga;stretta;pulita;rotta;rara;semplice;difficile;sana;stanca;aperta;chiusa;calda;fredda;annuale;legale;orale;scritta;gentile;antico;pesante;economico;pieno",
        "D": "il;la;lo;i;le;gli;un;una;questo;questa;mio;tua;suo;nostro;ogni;alcuni;vari;nessun",
        "P": "in;su;sotto;con;senza;per;contro;dopo;da;fino a;durante;tra;verso;di;a;nella;dalla;sul",
        "E": "con vento forte;dopo la riparazione;senza fatica;di buon mattino;in poco tempo;a metà prezzo;sotto controllo;in media;non sempre;come sempre;il prima possibile;fino a nuovo avviso;per abitudine;a poco a poco",
        "M": "sedia;tappeto;armadio;lampada;padella;pentola;cucchiaio;forchetta;coltello;forno;frigorifero;lavatrice;martello;chiodo;vite;sega;vernice;parete;soffitto;pavimento;tetto;cantina;scala;ascensore;balcone;recinto;prato;fiore;rosa;tulipano;quercia;pino;mela;pera;ciliegia;cipolla;cetriolo;carota;pisello;lenticchia;pasta;salsa;minestra;insalata;formaggio;prosciutto;burro;panna;miele;zucchero;sale;pepe;cannella;uccello;aquila;cavallo;mucca;maiale;pecora;capra;gallina;anatra;ape;formica;ragno;pesce;salmone;mano;piede;ginocchio;schiena;spalla;occhio;orecchio;naso;bocca;dente;cuore;polmone;fegato;rene;pelle;febbre;tosse;raffreddore;allergia;pomata;compressa;iniezione;giudice;querela;ricorso;modulo;timbro;firma;patente;diploma;apprendista;sindacato;sciopero;premio;turno di notte;pensione;bonifico;addebito;sollecito;accredito;sconto;utile;perdita;bilancio;inventario;bancale;dogana;computer;tastiera;cartella;allegato;pulsante;ciclo;rame;ferro;acciaio;cemento;legno;vetro;lana;seta;piazza;ponte;strada;angolo",
    },
    "nl": {
        "S": "Gisteren;Morgen;Soms;Daarna;Eerst;Bovendien;Helaas;Gelukkig;Toch;Daarom;In de zomer;In de winter;Na het eten;Voor vertrek;Zonder twijfel;Sinds jaren;Normaal;'s Ochtends;In het weekend;Voorlopig;Volgens de handleiding;In het begin;Uiteindelijk;Ondanks alles;Tijdens de pauze;Kort daarna;Indien mogelijk;Zo snel mogelijk;Als het sneeuwt;Zoals gepland;In dat geval;Op verzoek;Misschien;Nog steeds;Hoewel het regent",
        "V": "kost;toont;bevat;begint;eindigt;blijft;groeit;daalt;helpt;ontbreekt;duurt;werkt;beschrijft;vergelijkt;opent;sluit;volstaat;verandert;voorkomt;verhoogt;scheidt;verbindt;ruikt;glanst;droogt;kookt;brandt;breekt;past;lijkt;vraagt;biedt;valt;komt;gaat;keert;stond;had;zei;liep",
        "I": "Noem;Leg uit;Vergelijk;Beschrijf;Schrijf;Controleer;Vul;Verkort;Sorteer;Vertaal;Bereken;Teken;Bedenk;Plan;Verbeter;Formuleer;Analyseer;Beoordeel;Maak;Verwijder;Bewaar;Open;Meng;Snijd;Was;Giet;Kies;Klik op;Denk aan;Geef;Zoek;Voeg toe;Vervang",
        "A": "grote;kleine;oude;nieuwe;snelle;trage;dure;rode;blauwe;zachte;harde;verse;droge;lichte;donkere;lange;korte;brede;smalle;schone;kapotte;zeldzame;eenvoudige;moeilijke;gezonde;moede;open;gesloten;warme;koude;jaarlijkse;wettelijke;mondelinge;schriftelijke",
        "D": "de;het;een;deze;dit;die;mijn;jouw;onze;hun;elke;enkele;geen;sommige",
        "P": "in;op;onder;met;zonder;voor;tegen;na;sinds;tijdens;tussen;door;naar;van;bij;achter",
        "E": "bij harde wind;na de reparatie;zonder moeite;in alle vroegte;in korte tijd;voor de halve prijs;onder toezicht;gemiddeld;niet altijd;zoals altijd;zo gauw mogelijk;tot nader order;uit gewoonte;beetje bij beetje",
        "M": "stoel;kleed;kast;lamp;pan;lepel;vork;mes;oven;koelkast;wasmachine;hamer;spijker;schroef;zaag;verf;muur;plafond;vloer;dak;kelder;trap;lift;balkon;hek;gras;bloem;roos;tulp;eik;den;appel;peer;kers;ui;komkommer;wortel;erwt;linze;pasta;saus;soep;salade;kaas;ham;boter;room;honing;suiker;zout;peper;kaneel;vogel;arend;paard;koe;varken;schaap;geit;kip;eend;bij;mier;spin;vis;zalm;hand;voet;knie;rug;schouder;oog;oor;neus;mond;tand;hart;long;lever;nier;huid;koorts;hoest;verkoudheid;allergie;zalf;pil;prik;rechter;aanklacht;beroep;formulier;stempel;handtekening;rijbewijs;diploma;leerling;vakbond;staking;toeslag;nachtdienst;pensioen;overschrijving;incasso;aanmaning;korting;winst;verlies;balans;voorraad;pallet;douane;computer;toetsenbord;muis;map;bestand;bijlage;browser;knop;lus;koper;ijzer;staal;beton;hout;glas;wol;zijde;plein;brug;hoek;borg",
    },
    "pt": {
        "S": "Ontem;Amanhã;Às vezes;Depois;Primeiro;Além disso;Infelizmente;Felizmente;No entanto;Por isso;No verão;No inverno;Depois do almoço;Antes de sair;Sem dúvida;Há anos;Normalmente;De manhã;No fim de semana;Por enquanto;Segundo as instruções;No começo;No final;Apesar de tudo;Durante a pausa;Pouco depois;Se possível;O quanto antes;Quando chove;Como previsto;Nesse caso;Sob encomenda;Talvez;Ainda;Embora chova;Porque ninguém pergunta",
        "V": "custa;mostra;contém;começa;termina;fica;cresce;cai;ajuda;falta;dura;funciona;descreve;explica;compara;abre;fecha;basta;muda;impede;aumenta;separa;une;cheira;brilha;seca;cozinha;queima;quebra;convém;parece;pede;permite;propõe;chega;parte;volta;estava;tinha;dizia;passava;comia;dormiu;chamaram;vieram;farão;iremos;saberia",
        "I": "Cite;Explique;Compare;Descreva;Liste;Escreva;Revise;Complete;Encurte;Ordene;Classifique;Traduza;Calcule;Desenhe;Imagine;Planeje;Corrija;Formule;Analise;Avalie;Crie;Apague;Salve;Abra;Misture;Corte;Lave;Despeje;Escolha;Clique em;Pense em;Dê;Proponha;Procure;Adicione;Troque;Redija;Resuma;Invente;Faça;Diga",
        "A": "grande;pequena;velha;nova;rápida;lenta;cara;vermelha;azul;macia;dura;fresca;seca;clara;escura;longa;curta;larga;estreita;limpa;quebrada;rara;simples;difícil;saudável;cansada;aberta;fechada;quente;fria;anual;legal;oral;escrita;gentil;antigo;pesado;barato;cheio",
        "D": "o;a;os;as;um;uma;este;esta;esse;meu;sua;nosso;cada;alguns;vários;nenhum",
        "P": "em;sobre;sob;com;sem;para;contra;após;desde;até;durante;entre;por;de;a;na;no;pela",
        "E": "com vento forte;depois do conserto;sem esforço;logo cedo;em pouco tempo;pela metade do preço;sob vigilância;em média;nem sempre;como sempre;o mais rápido possível;até novo aviso;por costume;aos poucos",
        "M": "cadeira;tapete;armário;lâmpada;frigideira;panela;colher;garfo;faca;forno;geladeira;máquina de lavar;martelo;prego;parafuso;serra;tinta;parede;teto;piso;telhado;porão;escada;elevador;varanda;cerca;gramado;flor;rosa;tulipa;carvalho;pinheiro;maçã;pera;cereja;cebola;pepino;cenoura;ervilha;lentilha;massa;molho;sopa;salada;queijo;presunto;manteiga;creme;mel;açúcar;sal;pimenta;canela;pássaro;águia;cavalo;vaca;porco;ovelha;cabra;galinha;pato;abelha;formiga;aranha;peixe;salmão;mão;pé;joelho;costas;ombro;olho;orelha;nariz;boca;dente;coração;pulmão;fígado;rim;pele;febre;tosse;resfriado;alergia;pomada;comprimido;injeção;juiz;processo;recurso;formulário;carimbo;assinatura;carteira;diploma;aprendiz;sindicato;greve;bônus;turno da noite;aposentadoria;transferência;cobrança;aviso;crédito;desconto;lucro;perda;balanço;estoque;palete;alfândega;computador;teclado;rato;pasta;arquivo;anexo;navegador;botão;laço;cobre;ferro;aço;concreto;madeira;vidro;lã;seda;praça;ponte;esquina",
    },
}
def more(lang: str) -> dict[str, list[str]]:
    """Frequent words of templates/words-*.txt by their kind: nouns, verbs, adjectives, how sentences begin."""
    lines = (Path(__file__).parent / "templates" / f"words-{lang}.txt").read_text("utf-8").splitlines()
    return {line[0]: line[2:].split() for line in lines if line.strip()}


POOL = {lang: {kind: words(text) for kind, text in lists.items()} for lang, lists in LISTS.items()}
for lang, pool in POOL.items():
    found = more(lang)
    pool["N"] = pool["M"] * 2 + POOLS[lang]["N"] + found["N"] * 2
    for kind in ("V", "A", "S"):
        pool[kind] = pool[kind] * 2 + found[kind]
SHAPES = (
    "S V D N P D A N.|D N V D N.|D A N V E.|I D N.|I D A N P D N.|I N, N und N.|S V D N E.|D N P D N V A.|I D N E!|S V D N?|"
    "D N, D N und D A N V P D N.|N|N N|N: D A N|N und N|- D N\n- D A N\n- N|1. I D N\n2. I D N\n3. I D N|N P N|S, I D N.|D N V, D N V.|A N P D N|"
    "S V D A N, D P D N V, P D N.|N; N; N|D N? S V D N.|N\tN\tN"
).split("|")
AND = {"de": "und", "fr": "et", "es": "y", "it": "e", "nl": "en", "pt": "e"}


def sentence(r: random.Random, lang: str) -> str:
    pool, out = POOL[lang], []
    for part in r.choice(SHAPES).replace("und", AND[lang]).split(" "):
        head = part[:1]
        word = r.choice(pool[head]) if head in pool and (len(part) == 1 or not part[1].isalpha()) else head
        out.append(word + part[1:] if "\n" not in part and "\t" not in part else "".join(r.choice(pool[c]) if c in pool else c for c in part))
    text = " ".join(out)
    case = r.random()
    if case < 0.06:
        return text.upper()
    if case < 0.14:
        return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
    return text if case < 0.28 else text[:1].upper() + text[1:]


def predicate(r: random.Random, lang: str) -> str:
    """What follows a name that begins a sentence."""
    pool = POOL[lang]
    pick = lambda kinds: " ".join(r.choice(pool[kind]) for kind in kinds)
    return pick(r.choice(["V", "VE", "VDN", "VDNE", "VPDN", "VDAN"])) + r.choice([".", ".", ".", "?", "!", ""])


def prose(r: random.Random, lang: str) -> str:
    """One to four sentences."""
    return " ".join(sentence(r, lang) for _ in range(r.choice([1, 1, 2, 3, 4])))
