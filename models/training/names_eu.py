"""Names and addresses in the way of English, German, French, Spanish, Italian, Dutch and Portuguese: surnames
grown from pieces, so that the spelling of a name is learnt and not a list of names; given names
beside those of faker; addresses as each country writes them."""
from __future__ import annotations

import random

GIVEN = {lang: text.split() for lang, text in {
    "en": "Abigail Ada Adrian Agnes Aidan Alan Albert Alfie Alice Alistair Allison Alma Alvin Amelia Amos Angus Anita Annabel Archie Arlene Arnold Arthur Audrey Barry Beatrice Becky Bernard Bernice Bertie Bethany Beverly Blake Bonnie Brad Brandon Brenda Brendan Brett Brian Bridget Bruce Bryce Caleb Calvin Cameron Candace Carl Carla Caroline Carrie Cassidy Cecil Celeste Chad Chelsea Cheryl Claire Clarence Clark Clifford Clive Clyde Cody Colin Conor Corey Courtney Craig Curtis Cynthia Damon Daphne Darlene Darren Dean Deborah Deirdre Denise Dennis Derek Desmond Diane Donna Doreen Doris Dorothy Douglas Duncan Dwayne Dylan Earl Edith Edmund Edna Eileen Elaine Eleanor Eli Ella Elliot Elsie Erin Ernest Ethan Ethel Eunice Evan Evelyn Fergus Finn Fiona Florence Floyd Freda Freddie Frederick Gail Gareth Garrett Gavin Gemma Geoffrey Gerald Gladys Glenda Gloria Gordon Graham Greg Gwen Gwyneth Hannah Harold Harriet Harvey Hazel Heather Hector Herbert Hilda Howard Hugh Ian Imogen Irene Iris Isaac Isla Jackie Jacob Jamie Janet Janice Jared Jasmine Jasper Jeff Jemima Jenna Jeremy Jill Joanne Jodie Jolene Jonah Josh Joyce Judith Julian Kara Keith Kelly Kelvin Ken Kerry Kevin Kieran Kim Kirsty Kyle Lance Lauren Leah Leigh Lena Leonard Leroy Lester Lewis Liam Lionel Lloyd Logan Lois Lorna Lorraine Louise Lucas Lucy Lyle Lynn Mabel Maisie Malcolm Marcia Marcus Margaret Marilyn Martha Marvin Maureen Max Maxine Megan Melissa Melvin Meredith Mildred Millie Miranda Molly Morgan Muriel Myra Nadine Nancy Naomi Nathan Neil Nell Nigel Noah Nora Norma Norman Oliver Oscar Owen Pamela Patsy Paula Peggy Penelope Percy Peter Phil Phoebe Phyllis Polly Quentin Ralph Ramona Randall Raymond Rebecca Reginald Rhys Rita Robin Rodney Roger Ronald Rory Roscoe Rosie Ross Roy Rupert Russell Ryan Sadie Sally Samantha Scott Sean Seth Shane Shannon Sharon Sheila Shelley Sherry Shirley Sidney Simon Skye Sonia Spencer Stacey Stanley Stella Stephen Steve Stuart Sybil Sylvia Tabitha Tamara Tanya Tara Ted Terence Terry Tessa Thelma Tim Tina Toby Tracy Trevor Tristan Troy Tyler Valerie Vera Vernon Vicky Vincent Wade Wanda Warren Wayne Wendy Wesley Wilbur Winifred Yvonne Zach Zara Zoe",
    "de": "Anneliese Ruprecht Gisela Gottfried Hannelore Ernst Edeltraud Siegfried Irmgard Bernhard Hedwig Rainer Christa Detlef Carola Egon Doris Ewald Elfriede Gerd Evelyn Gerhard Franziska Günther Gudrun Hartmut Hanna Heiko Henriette Heinz Ilona Helmut Johanna Holger Jolanda Horst Juliane Hubert Karla Ingo Katharina Jens Katrin Joachim Klara Jochen Leonie Jörg Liselotte Justus Lotte Karsten Magdalena Konrad Margarete Kurt Mareike Lars Marianne Lothar Marlies Ludger Martha Lutz Mathilde Malte Melanie Marius Mia Markus Michaela Maximilian Monika Moritz Nadine Niklas Nicole Norbert Nora Ole Petra Oskar Regina Otto Renate Philipp Rita Ralf Rosemarie Reinhard Ruth Roland Sabine Rolf Sandra Rudolf Saskia Siegbert Silke Simon Sonja Stefan Stefanie Sven Susanne Theo Tanja Theodor Theresa Tilo Ursula Tobias Ute Udo Vanessa Ulf Vera Ulrich Verena Vinzenz Viola Walter Walburga Werner Wilhelmine Wilfried Yvonne Xaver Emre Elif Hatice Murat Aylin Cem Deniz Agnieszka Zbigniew Goran Dragana".split("|")[0],
    "fr": "Adèle Agathe Alain Albane Alexis Aline Amélie Anaïs Anatole André Anne-Sophie Antoine Apolline Armand Arnaud Astrid Aurélie Bastien Baptiste Bénédicte Benoît Bérengère Bernadette Blandine Brice Camille Capucine Cécile Cédric Célestin Chantal Christelle Clémence Clotilde Colette Corentin Cyril Damien Delphine Denis Diane Didier Dominique Edgar Édith Élodie Éloïse Émilie Estelle Étienne Eugénie Fabien Fabrice Fanny Firmin Florent Francine Franck Gaël Gaspard Geneviève Georges Gérard Ghislaine Gilles Guillaume Guy Gwenaëlle Hélène Henri Hervé Honorine Hortense Hugues Inès Isabelle Jacqueline Jacques Jean-Baptiste Jean-Marc Jeanne Joël Joséphine Jules Justine Karim Laetitia Laure Léa Léon Lionel Loïc Louane Louise Luc Lucie Ludovic Maëlle Manon Marc-Antoine Margaux Marie-Claude Marie-Hélène Marion Mathieu Mathilde Maxence Mélanie Mireille Monique Nadège Nathalie Nicolas Noémie Océane Odile Olivier Pascal Patrice Paulette Perrine Philippe Quentin Raphaël Régis Rémi Renaud Romain Roxane Sabine Sandrine Sébastien Ségolène Serge Solange Stéphane Sylvain Tanguy Thérèse Thibault Tristan Valentin Véronique Victoire Vincent Violette Virginie Yann Yves Yvette Zoé Mamadou Fatoumata Rachid Samira Mehdi Nassima Ousmane Aïcha",
    "es": "Adela Adrián Agustín Aitor Alba Alberto Alejandra Alfonso Alicia Almudena Álvaro Amparo Ana Andrea Andrés Ángela Antonia Antonio Araceli Arturo Asunción Aurora Beatriz Begoña Belén Benito Blanca Borja Bruno Camila Candela Carla Carmen Carolina Catalina Cayetano Celia César Clara Claudia Concepción Consuelo Cristina Cristóbal Daniela David Diana Dolores Domingo Edurne Elena Elisa Eloy Emilio Encarnación Enrique Ernesto Esperanza Esteban Eugenia Eva Fabiola Federico Felipe Félix Fernanda Fernando Francisca Francisco Gabriel Gema Gerardo Gonzalo Gregorio Guadalupe Guillermo Gustavo Héctor Hugo Ignacio Iker Inés Inmaculada Irene Isabel Ismael Jaime Javier Jimena Joaquín Jordi Jorge Josefa Josefina Juan Juana Julia Julián Laura Leandro Leire Leticia Lidia Lorena Lorenzo Lourdes Lucas Lucía Luis Luz Macarena Manuel Marcelino Marcos Margarita Mariana Mariano Marina Mario Marta Matías Maximiliano Mercedes Miguel Milagros Mireia Mónica Montserrat Natalia Nerea Nicolás Noelia Nuria Octavio Olga Óscar Pablo Paloma Patricia Pedro Pilar Rafael Ramiro Ramón Raquel Raúl Rebeca Remedios Ricardo Roberto Rocío Rodrigo Rosa Rosario Rubén Salvador Samuel Santiago Sara Sebastián Sergio Silvia Sonia Susana Tamara Teodoro Teresa Tomás Valentina Vanesa Verónica Vicente Virginia Xavier Ximena Yolanda Zaida",
    "it": "Adriana Agata Agnese Alba Aldo Alessandra Alessandro Alessia Alfredo Alice Amedeo Andrea Angela Angelica Anita Annalisa Annamaria Antonella Antonio Arianna Armando Arturo Barbara Beatrice Benedetta Bianca Bruno Camilla Carlo Carlotta Carmela Caterina Cesare Cinzia Claudia Claudio Concetta Corrado Cosimo Cristiano Cristina Damiano Daniela Daniele Dario Davide Debora Diego Domenico Donatella Edoardo Elena Eleonora Eliana Elisa Elisabetta Emanuele Emilia Enrico Enza Ettore Eugenio Fabio Fabrizio Federica Federico Ferdinando Filippo Flavia Flavio Fortunato Franca Francesca Francesco Gabriele Gaetano Gennaro Gerardo Giacomo Giada Gianfranco Gianluca Gianna Gianni Gino Gioele Giorgia Giorgio Giovanna Giuliana Giulio Giuseppe Giuseppina Graziella Guido Iacopo Ilaria Immacolata Irene Isabella Ivana Jacopo Lara Laura Leonardo Letizia Lidia Livia Loredana Lorenza Lorenzo Luciana Luciano Lucio Ludovica Luigi Luisa Maddalena Manuela Marcello Marco Margherita Maria-Grazia Marilena Marina Mario Marisa Marta Martina Massimiliano Massimo Matilde Matteo Mattia Maurizio Michela Michele Mirella Monica Nadia Nicola Nicoletta Noemi Nunzia Orazio Ornella Pamela Paola Paolo Pasquale Patrizia Piera Pierluigi Piero Pietro Raffaella Raffaele Renata Renato Riccardo Rita Roberta Roberto Rocco Romina Rosa Rosalia Rosanna Rosario Rossana Ruggero Sabrina Salvatore Samuele Sandro Sara Saverio Serena Sergio Silvana Silvia Simona Simone Sofia Stefania Stefano Teresa Tiziana Tommaso Umberto Valentina Valeria Vanessa Vincenza Vincenzo Virginia Vito Vittoria Vittorio Walter",
    "nl": "Aafke Aart Adriaan Agnes Albert Alie Anke Annelies Annemarie Anouk Antje Arie Arjen Bart Bas Bastiaan Bernadette Bert Berend Bram Brechtje Carlijn Cas Casper Chantal Christiaan Coen Cor Corrie Daan Dieuwertje Dirk Dries Eefje Eelco Egbert Ellen Els Emma Erik Esmee Evert Femke Fenna Ferdinand Fleur Floor Frank Frits Geert Geertje Gerben Gerda Gerrit Gijs Greet Guus Hanneke Hans Harm Heleen Hendrik Henk Hilde Hugo Ida Ilse Ineke Inge Irma Jaap Jacco Jan Janneke Jasper Jelle Jeroen Jesse Jet Jolanda Joep Johan Joke Joost Jop Joris Josien Jurgen Kees Kim Klaas Koen Lars Laurens Lennart Lenie Leo Lieke Lies Linda Loes Lotte Lucas Luuk Maaike Maarten Machteld Marcel Mariëlle Marijke Marit Marjolein Mark Marloes Martijn Mees Merel Mieke Mirjam Monique Myrthe Nathalie Nick Niek Niels Nienke Noor Olaf Patrick Paul Peter Petra Pieter Pim Puck Quirine Ralph Rein Reinier Remco Renske Rianne Rick Rik Rob Robin Roel Rogier Ronald Rosalie Roos Ruben Ruud Saar Sander Sanne Saskia Sebastiaan Sietske Sjaak Sjoerd Sjors Stan Steven Stijn Suzanne Sven Teun Theo Thijs Tijmen Tim Tineke Tjeerd Tom Toon Trijntje Truus Ulrike Vera Vincent Wendy Wessel Wiebe Wil Willem Wilma Wim Wout Wouter Yvette Youssef Fatima Mohamed Samira Naima Achmed Ravi Shanti Winston",
    "pt": "Abílio Adelaide Adriano Afonso Agostinho Aline Almerinda Álvaro Amália Amanda Américo Ana Anabela André Ângela Antônia Antônio António Aparecida Armando Arlindo Arnaldo Augusto Beatriz Benedita Bento Bernardo Bianca Bruna Bruno Caio Camila Carla Carlos Carolina Cátia Cecília Célia César Cíntia Clara Cláudia Cleusa Conceição Cristiano Cristina Dalva Daniel Daniela Davi Débora Denise Diego Diogo Domingos Duarte Edite Edson Eduarda Eduardo Elaine Elias Elisa Elza Emília Erica Ernesto Estêvão Eugênio Eunice Fabiana Fábio Fátima Felipe Fernanda Fernando Filipa Filipe Flávia Flávio Francisca Francisco Gabriel Gabriela Geraldo Gilberto Gisele Glória Gonçalo Graça Guilherme Gustavo Heitor Helena Henrique Hugo Igor Inês Irene Isabel Isadora Ivone Jair Jandira Jéssica Joana Joaquim João Joel Jorge José Josefa Júlia Juliana Júlio Jussara Karina Lara Larissa Laura Leandro Leonor Letícia Lívia Lourdes Lucas Lúcia Luciana Lucinda Luís Luísa Luiz Luzia Madalena Manuel Manuela Mara Marcela Marcelo Márcia Márcio Marcos Margarida Maria Mariana Marina Mário Marisa Marlene Marta Mateus Matilde Maurício Mauro Micaela Miguel Moacir Mônica Murilo Nádia Natália Nelson Neusa Nuno Odete Olga Olívia Orlando Oscar Otávio Patrícia Paula Paulo Pedro Priscila Rafael Rafaela Raimundo Raquel Raul Regina Renata Renato Ricardo Rita Roberta Roberto Rodrigo Rogério Rosa Rosana Rosângela Rui Salvador Samuel Sandra Sara Sebastião Sérgio Sheila Sílvia Simone Sofia Solange Sônia Susana Suzana Tânia Tatiana Telma Teresa Terezinha Thiago Tiago Tomás Valéria Vanessa Vasco Vera Vicente Vinícius Vitor Vítor Viviane Wagner Wanderley Wesley Yara Zélia",
}.items()}

# (beginnings, endings, whole ones and particles with what follows)
SURNAME = {
    "en": (
        "Ash Black Brad Brain Carl Chad Cran Den Dun East El Fair Farn Gar Gold Hal Har Hart Hath Hol Hux Kirk Lang Lin Lock Mar Mel Mill Nor Oak Pem Pres Rad Ran Red Rock Rush Sher Stan Stock Thorn Wake Wal Wes Whit Wil Wins Wood Wor Al Ar Bir Blom Bran Brock Brom Cal Cas Chat Clay Cop Craw Crom Dal Der Draw Ed Eger Els Far Fen Fitz Gil Glad Had Hamp Hem Hig Hor Ire Ken Lam Led Ley Lud Mait Mans Mas Mil Net New Pad Pick Pil Rams Rath Raw Ridg Sal Sed Shel Sib Sud Sut Tar Thack Tin Tol Tun Ut Wad Wark Wat Wel Wick Wol Wy".split(),
        "bury by combe den don er field ford ham hurst ington land ley low man more ridge shaw son stock ston ton well wick wood worth eray ett ell ock kins cott thorpe wright ing ings gate croft brook dale bourne leigh stead ward mere nell mont ridge".split(),
        "McAllister;McBride;McCormack;McDermott;McKenna;McLaughlin;McNally;MacGregor;Mackintosh;O'Donnell;O'Keefe;O'Leary;O'Reilly;O'Shea;Ó Briain;FitzPatrick;Fitzsimmons;St. John;St. Clair;De Souza;Van Dyke;Van Buren;Vanderbilt;DiMarco;LaRue;Delacroix;Lopez-Ruiz;Smith-Jones;Begum;Choudhury;Chaudhry;Bhattacharya;Venkataraman;Krishnan;Iyer;Reddy;Nair;Menon;Kapoor;Malhotra;Qureshi;Siddiqui;Adebayo;Chukwu;Eze;Okonkwo;Onyango;Wanjiku;Mwangi;Kamau;Moyo;Ndlovu;Mokoena;Tran;Pham;Hoang;Vo;Dang;Jung;Kang;Yoon;Hwang;Nakagawa;Fujimoto;Kobayashi;Watanabe;Santos-Reyes;Villanueva;dela Cruz;Kowalczyk;Wiśniewski;Nowakowski;Szabó;Nagy;Dragomir;Ionescu;Kuznetsov;Smirnova;Shevchenko;Bondarenko;Papadakis;Yılmaz;Demir;Kaya;Al-Farsi;El-Sayed;Ben-David;Mizrahi;Goldstein;Rosenbaum;Abrahamsson;Lindqvist;Bjornsson;Halvorsen;Virtanen;Korhonen;Rasmussen;Kjeldsen",
    ),
    "de": (
        "Hof Berg Stein Wald Bach Feld Linden Buch Eich Birken Rosen Korn Brand Acker Wiesen Kirch Ober Unter Nieder Hoch Lang Kurz Schwarz Weiß Grün Roth Gold Silber Eisen Kupfer Sand Moor Brunn Dorn Hasel Ahorn Tann Fichten Wolf Fuchs Bären Hirsch Vogel Adler Falken Sperling Gut Lieb Freud Zorn Hell Klein Groß Neu Alt Reich Wein Hopfen Mehl Salz Leder Woll Seiden Tuch Nadel Hammer Zimmer Kessel Topf Krug Löffel Wacker Hagen Sieben Drei Oster West Nord Süd Winter Sommer Herbst Mai Rau Sauer Süß Bitter Scharf Krumm Stolz Ziegen Schaf Ochsen Kuh Pferd Rind Gans Enten Hühner Krähen Raben Esch Ulm Weid Distel Nessel Kraut Rüben Bohn Erbs Linsen Kirsch Apfel Birn Pflaum Nuss Kern Schal Blatt Zweig Ast Wurz".split(),
        "mann mayer meier meyer müller bauer hofer berger steiner bacher felder hauser heimer inger linger stetter hagen kamp brink horst rode wald beck baum busch stein hoff hauer macher schneider schmied zahn haupt fuß ner ler le ke ing icke sen ig rich bert hardt wein wasser brunner bichler huber gruber egger reiter moser lechner thaler leitner eder auer".split(),
        "von der Heide;von Stetten;zu Rhein;vom Brocke;von Bergen;Janßen;Petersen;Carstensen;Lorenzen;Matthiesen;Nowicki;Jablonski;Lewandowski;Wischnewski;Grzesiak;Yıldız;Aydın;Kılıç;Şahin;Kurtuluş;Demirci;Öztürk;Hadžić;Kovačević;Marković;Schröter;Böttcher;Größmann;Süßmilch;Jäkel;Löwe;Käsbohrer;Übelacker;Ostermöller;Groß;Weiß;Voß;Preuß;Strauß",
    ),
    "fr": (
        "Bern Gir Moul Char Beau Mont Roch Lam Del Per Guill Gaut Rich Bouch Font Vign Dup Cast Marc Fav Bris Quen Tess Bel Cour Gar Val Clém Bas Ren Aub Thib Jacq Poir Boul Mart Duv Ferr Land Grand Blanch Roug Vill Mal Bon Dub Del Jol Gren Pell Tav Sauv Mich Thom Colin Lef Leg Lec Mall Pic Riv Sal Tour Vass Bour Chev Cord Drou Fourn Gob Houd Jam Lab Mén Nav".split(),
        "ard aud ault eau eaux elle et ette ier iez in ot on oux ois ais and ant ac ières al ol ain aire ert el eron illon isson oulet eron ereau onnet ichon eron igny".split(),
        "Le Goff;Le Bihan;Le Gall;Le Floch;Le Roux;Le Corre;Du Plessis;De Luca;de La Roche;de Villiers;d'Aubigny;d'Estaing;de Montfort;du Bellay;Saint-Jean;Lévêque;L'Hermitte;Benkirane;Haddadi;Belkacem;Traoré;Diallo;Ndiaye;Kouyaté;Nguyen-Van;Da Cunha;Kermarrec;Guézennec;Quéméneur;Etcheverry;Dumoulin-Perret;Vasseur-Blanc;N'Guessan;Bouazza;Cheikh;Ménétrier;Châtelain;Brémond;Pélissier;Hébrard",
    ),
    "es": (
        "Aguil Barr Cal Carr Cast Esp Font Gall Herr Mend Mor Nav Oli Ped Quint Riv Rob Sal Tor Val Vill Zam Ech Iz Aram Urr Bal Cab Corr Esc Fig Gar Jar Lar Mald Man Oro Pal Pen Pol Ron Ser Sol Tab Tej Ur Vald Zab Bel Bon Cald Cerv Est Gand Ib Lom Marm Mir Mont Ort Pint Roj Seg Sot Ver".split(),
        "ar era eros eda ano ales ero osa illa ado ejo oza arri etxea aga uru ez anes edo allo ón ana ella uela icio ares anza orra ueta eira illas iega".split(),
        "de la Torre;de la Fuente;del Río;del Campo;de los Santos;de la Vega;de León;San Martín;Santa Cruz;Sánchez-Cano;García-Lomas;Ruiz de Azúa;Ibáñez;Núñez;Yáñez;Peñalver;Muñiz;Zúñiga;Castañeda;Argüelles;Etxebarria;Goñi;Arrizabalaga;Puigdomènech;Casadevall;Quispe;Mamani;Huamán;Chávez;Bórquez;Saldías;Ocampo;Restrepo;Echeverri;Bohórquez;Tzul;Xicoténcatl;Ávalos",
    ),
    "it": (
        "Mart Bass Ber Camp Cav Conc Dell Fabb Fio Gall Gat Giord Lomb Mag Manc Mar Merl Mont Nap Pag Pal Pell Per Piz Raim Ric Riz Sal San Sar Scal Spin Tag Tess Tur Val Vend Vid Vill Zan Zucc Bon Bar Bell Bert Bol Brun Cal Car Cast Cer Col Cor Dam Don Fant Ferr Gan Grill Guid Lan Lun Mazz Mor Nard Ort Pan Pav Pol Quar Ron Sab Sor Stell Tar Tom Ub Vac Zam".split(),
        "ini etti elli oni ucci acci ano aro ari ese ella otto azzi ussi esi olo ato ante ieri etto icelli aldi igi uzzi inelli erini ardi aglia asco engo ati ezza iero".split(),
        "De Luca;De Angelis;De Santis;Di Stefano;Di Pietro;Di Marzio;Del Vecchio;Della Rovere;Dalla Costa;Dal Pozzo;D'Amico;D'Andrea;D'Ambrosio;Lo Presti;Lo Cascio;La Rosa;La Torre;Li Volsi;Degl'Innocenti;Degli Esposti;Delle Donne;Nicolosi;Piccoli;Chessa;Murgia;Deiana;Pinna;Puddu;Hofer;Mair;Pichler;Bizjak;Cossutta;Zanin;Pavan;Trevisan;Furlan;Schiavon;Brambilla;Colleoni",
    ),
    "nl": (
        "Hoek Broek Veld Berg Dijk Berk Eik Linde Water Kerk Molen Brug Sluis Zand Klei Veen Heide Bos Wolf Haan Vos Hert Groot Klein Oud Nieuw Lang Kort Wit Zwart Rood Groen Goud Zilver Ijzer Koper Rijk Goed Zoet Zuur Koren Rogge Tarwe Haver Boter Kaas Vlees Vis Wijn Bier Smid Bak Tim Kuip Zeil Schip Schut Jager Ruiter Post Hol Bier Wester Ooster Noorder Zuider Midden Boven Beneden Roos Tulp Nieman Blok Steen".split(),
        "sma stra inga man mans sen ers huis veld dijk kamp berg horst hof broek beek winkel meijer maker ema jans kes ink ing water hout boom haar laar ga mulder kuiper brink zaal voort drecht laan".split(),
        "van der Meer;van den Berg;van de Ven;van 't Hof;van der Wal;van den Broek;van Rijswijk;van Oosten;van Houten;van de Kamp;van Beek;ter Horst;ten Cate;ten Brink;te Velde;op den Akker;in 't Veld;de Graaf;de Ruiter;de Haan;de Wit;den Ouden;den Hartog;'t Hooft;Dijkstra;Wiersma;Postma;Hoekstra;Terpstra;Zijlstra;Feenstra;Huizinga;Elzinga;Willemsen;Pietersen;Lammers;Hendrikx;Claes;Vermeulen;Vandenbroucke;Van den Bossche;De Smedt;Desmet;Maes;El Amrani;Bouali;Yilmazer;Ramdin;Mahabier;Sewnarain;Winterberg",
    ),
    "pt": (
        "Carv Per Oliv Figu Mour Tav Nog Pin Silv Mor Quint Cast Alm Az Ban Bar Bot Cab Cal Cam Card Cord Cout Cruz Faj Far Font Gal Gouv Lac Lob Mac Mad Maq Med Men Mig Mont Nev Pac Pal Pass Pent Pess Pimen Queir Ram Reb Rib Roch Sal Sampa Seix Sob Tei Tor Val Vasc Vent Vid Vil".split(),
        "alho eira eiro al edo ais inho ães ado osa ito ela elo ão eda onça ares oso ana ino uso ela oz anco ura ândia encar edes".split(),
        "da Silva;dos Santos;de Oliveira;da Costa;de Souza;de Sousa;do Nascimento;da Conceição;dos Reis;de Jesus;da Cruz;de Almeida;das Neves;da Luz;do Carmo;de Lima;e Silva;Vaz;Sá;Paz;Luz;Brandão;Falcão;Leitão;Galvão;Simões;Guimarães;Magalhães;Araújo;Gonçalves;Mendonça;Bragança;Antunes;Bettencourt;Vilhena;Schmitz;Wagner;Takahashi;Nakamura;Rossini;Benedetti;Castelo Branco;Corte-Real;Espírito Santo;Vilas-Boas",
    ),
}
HYPHEN = {"en": 0.02, "de": 0.06, "fr": 0.05, "es": 0.02, "it": 0.01, "nl": 0.05, "pt": 0.01}


def surname(r: random.Random, lang: str) -> str:
    heads, tails, whole = SURNAME[lang]
    if r.random() < 0.22:
        return r.choice(whole.split(";"))
    made = r.choice(heads) + r.choice(tails)
    if r.random() < HYPHEN[lang]:
        made += "-" + r.choice(heads) + r.choice(tails)
    if lang == "nl" and r.random() < 0.25:
        made = r.choice(["van ", "van der ", "van den ", "de ", "van de "]) + made
    if lang == "pt" and r.random() < 0.2:
        made = r.choice(["de ", "da ", "dos "]) + made
    return made


# Given names and surnames of places whose language is not served.
ELSEWHERE = [
    ("Ayşe Mehmet Zeynep Burak Selin Kemal Gülşen Orhan Elif Hakan Derya Tolga", "Yılmaz Çelik Aksoy Karataş Bulut Erdoğdu Güneş Taş Polat Keskin Özkan Sarı"),
    ("Ahmad Layla Khalid Noura Youssef Amina Tariq Salma Bilal Zainab Karim Rania Hamza Mariam", "al-Hashimi Haddad Mansour Khalil Najjar Saleh Darwish Rahmani Boukhari Zerouali Fakhoury Ben Ali El Idrissi Hamdan"),
    ("Olena Andrij Oksana Serhij Nadia Pavlo Iryna Taras Ludmila Bohdan Galina Maksym", "Kovalchuk Tkachenko Melnyk Boyko Lysenko Moroz Hrytsenko Petrenko Sydorenko Zelenko Ivanova Sokolov Popova Orlov"),
    ("Katarzyna Paweł Małgorzata Krzysztof Agnieszka Tomasz Jadwiga Łukasz Grażyna Wojciech", "Nowak Wójcik Kamiński Zieliński Szymański Dąbrowska Kozłowska Jankowski Mazur Krawczyk Piotrowska Grabowska"),
    ("Priya Rahul Anjali Vikram Sunita Arjun Kavya Rohan Meera Sandeep Lakshmi Harish", "Iyer Reddy Nair Banerjee Mukherjee Deshpande Kulkarni Joshi Chatterjee Pillai Rao Verma Agarwal Bose"),
    ("Hiroshi Yuki Kenji Haruka Takeshi Aiko Naoki Emi Satoshi Mariko Daichi Keiko", "Tanaka Yamada Kobayashi Inoue Shimizu Hayashi Mori Ikeda Okada Fujita Ueda Nishimura"),
    ("Min-jun Seo-yeon Ji-hoon Hye-jin Dong-hyun Eun-ji Sung-min Yu-na", "Kim Park Choi Jung Kang Yoon Lim Han Shin Kwon Hwang Song"),
    ("Thị Hương Văn Minh Quang Lan Anh Tuấn Thanh Mai Hoàng Ngọc", "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Ngô Dương Lý"),
    ("Kwame Ama Chidi Ngozi Oluwaseun Folake Thabo Nomsa Abebe Makena Ousmane Awa", "Mensah Owusu Okonkwo Adeyemi Balogun Nkosi Dlamini Tesfaye Kamau Diop Sow Traoré Boateng Eze"),
    ("Erik Astrid Lars Ingrid Mikkel Freja Jukka Aino Søren Maja Björn Sigrún", "Lindqvist Sørensen Haugen Virtanen Korhonen Mäkinen Kjær Bergström Dahl Nygaard Jónsdóttir Eriksson"),
    ("Ion Elena Mihai Ioana Zoltán Ágnes László Péter Jana Tomáš Petra Marek", "Popescu Ionescu Dumitru Stan Nagy Szabó Horváth Kovács Novák Svoboda Dvořák Procházka Kučera"),
    ("Nikos Eleni Dimitris Katerina Giorgos Sofia Stavros Ioanna", "Papadakis Nikolaidis Georgiou Pappas Vlahos Karagiannis Antoniou Makris"),
]


def elsewhere(r: random.Random) -> str:
    given_names, surnames = r.choice(ELSEWHERE)
    name = f"{r.choice(given_names.split())} {r.choice(surnames.split())}"
    return " ".join(reversed(name.split(" "))) if r.random() < 0.06 else name


def given(r: random.Random, lang: str) -> str:
    name = r.choice(GIVEN[lang])
    p = r.random()
    if lang == "fr" and p < 0.08:
        return f"{r.choice(['Jean', 'Marie', 'Anne', 'Pierre'])}-{r.choice(GIVEN[lang]).split('-')[0]}"
    if lang == "de" and p < 0.05:
        return f"{r.choice(['Hans', 'Karl', 'Anna', 'Eva', 'Klaus'])}-{name}"
    if lang in ("es", "it", "pt") and p < 0.1:
        return f"{r.choice({'es': ['María', 'José', 'Juan', 'Ana'], 'it': ['Maria', 'Gian', 'Anna', 'Pier'], 'pt': ['Maria', 'Ana', 'João', 'José']}[lang])} {name}"
    return name


STREET_HEAD = {
    "de": "Tannen Buchen Schul Kirch Markt Mühlen Brunnen Wiesen Burg Schloss Post Garten Feld Berg Haupt Neue Alte Industrie Ring Graf-Adolf- Friedrich-Ebert- Karl-Marx- Thomas-Mann- Clara-Zetkin- Dr.-Kurt- Kaiser Königs Prinzen Bismarck Schiller Lessing Beethoven Mozart Nelken Tulpen Flieder Fuchs Hasen Storchen Finken Weiden Pappel Erlen Ulmen Eschen Hafen Kanal See Strand Dünen Deich Stein Sand Lehm".split(),
    "nl": "Kerk Dorps Molen School Stations Beatrix Wilhelmina Juliana Oranje Nassau Prins-Hendrik Beuken Eiken Linden Kastanje Iepen Populieren Rozen Tulpen Anjer Meidoorn Vlier Merel Lijster Vink Zwaluw Ooievaars Reiger Haven Kanaal Haring Zout Graan Vis Melk Turf Brouwers Schippers Molenaars Smids Burgemeester-Vos Dokter-Bakker Generaal-Smit Rembrandt Vermeer Mahler Chopin Jan-Steen Hof Gooi Veluwe Noorder Zuider Wester Ooster".split(),
}
STREET_TAIL = {"de": "straße straße straße str. str. weg weg allee platz gasse ufer ring damm steig pfad".split(), "nl": "straat straat straat laan laan weg plein gracht kade singel dreef hof pad dijk steeg".split()}
STREET_NAME = {
    "fr": "de la République;Victor Hugo;du Moulin;de la Gare;des Lilas;Jean Jaurès;du Général Leclerc;de Verdun;Pasteur;des Écoles;du 8 Mai 1945;du 11 Novembre;Saint-Honoré;de l'Abbaye;des Acacias;du Château;Émile Zola;Gambetta;de la Liberté;des Peupliers;de Bretagne;du Faubourg Saint-Denis;Marcel Pagnol;aux Ours;du Puits;de la Fontaine;Anatole France;Georges Clemenceau;des Trois Frères;du Bac;de la Croix-Rousse;Notre-Dame;d'Alsace;de l'Europe",
    "es": "Mayor;Real;de Alcalá;de la Constitución;del Sol;San Juan;San José;Santa Ana;de Cervantes;Goya;Velázquez;Serrano;de la Paz;del Pilar;Nueva;Ancha;de los Olmos;de las Huertas;del Carmen;Colón;de América;Juan Carlos I;de Andalucía;Miguel Hernández;del Molino;de la Iglesia;Ramón y Cajal;Doctor Fleming;Antonio Machado;de la Rosa;Insurgentes Sur;Benito Juárez;9 de Julio;18 de Julio;5 de Mayo;Las Heras",
    "it": "Roma;Garibaldi;Mazzini;Cavour;Dante Alighieri;Giuseppe Verdi;Marconi;della Repubblica;della Libertà;dei Mille;XX Settembre;IV Novembre;San Francesco;Sant'Agostino;del Corso;della Stazione;Aldo Moro;Giacomo Matteotti;dei Tigli;delle Rose;degli Orti;Monte Grappa;Po;Torino;Nazionale;dell'Industria;Carlo Alberto;Vittorio Emanuele II;Santa Croce;del Lavoro;Martiri della Libertà;Guglielmo Oberdan",
    "pt": "da Liberdade;das Flores;do Comércio;25 de Abril;de Santa Catarina;Almirante Reis;da República;dos Bandeirantes;Sete de Setembro;Quinze de Novembro;Marechal Deodoro;Duque de Caxias;Tiradentes;do Carmo;da Boavista;Miguel Bombarda;António Sérgio;dos Combatentes;Barão do Rio Branco;Visconde de Pirajá;São João;Santo António;da Alegria;do Norte;Padre Anchieta;Professor Egas Moniz;da Escola;Dom Pedro II;das Acácias;Nossa Senhora da Paz",
}


def street(r: random.Random, lang: str) -> str:
    if lang in STREET_HEAD:
        head, tail = r.choice(STREET_HEAD[lang]), r.choice(STREET_TAIL[lang])
        if lang == "de" and r.random() < 0.15:
            return r.choice(["Am ", "Zum ", "An der ", "Im ", "Auf dem ", "Unter den "]) + r.choice(["Bahnhof", "Park", "Wehr", "Rain", "Sportplatz", "Kirchberg", "Weiher", "Anger", "Hang", "Linden", "Mühle", "Tor"])
        if head.endswith("-"):
            return head + {"straße": "Straße", "str.": "Str.", "weg": "Weg", "allee": "Allee", "platz": "Platz"}.get(tail, "Ring")
        return head + ("" if tail[0].islower() else "") + tail
    kind = {
        "fr": "rue rue rue rue avenue av. boulevard bd place chemin impasse allée quai route cours square".split(),
        "es": "Calle Calle Calle C/ C/ Avenida Avda. Av. Plaza Paseo Pza. Camino Carretera Ronda Travesía Glorieta".split(),
        "it": "Via Via Via via V.le Viale Piazza P.zza Corso C.so Vicolo Largo Strada Vico Contrada Località".split(),
        "pt": "Rua Rua Rua R. Avenida Av. Av. Travessa Praça Largo Alameda Estrada Beco Rodovia Calçada".split(),
    }[lang]
    return f"{r.choice(kind)} {r.choice(STREET_NAME[lang].split(';'))}"


def address(r: random.Random, lang: str, city: str) -> str:
    """A street address as the country writes it, mostly with postcode and town."""
    n, way = r.randint(1, 180), street(r, lang)
    five = f"{r.randint(1000, 98999):05}"
    gap = r.choice([", ", ", ", ", ", "\n", " ", " - "])
    if lang == "de":
        line = f"{way} {n}{r.choice(['', '', '', 'a', 'b', ' c', '-' + str(n + 2), '/' + str(r.randint(1, 9))])}" + r.choice(["", "", "", ", 3. OG links", ", Hinterhaus", ", 2. Stock", ", EG"])
        line = f"Postfach {r.randint(10, 99)} {r.randint(10, 99)} {r.randint(10, 99)}" if r.random() < 0.06 else line
        town = r.choice([five, five, five, "D-" + five, str(r.randint(1000, 9999)), "A-" + str(r.randint(1000, 9999)), "CH-" + str(r.randint(1000, 9999))]) + " " + city
    elif lang == "fr":
        mark = r.choice(["", "", "", "", " bis", " ter", "bis", " B"])
        line = f"{n}{mark}{r.choice([' ', ', ', ' '])}{way}" + r.choice(["", "", "", ", appt 12", ", bâtiment C", ", 3e étage", ", escalier B"])
        line = f"BP {r.randint(10, 99999)}" if r.random() < 0.05 else line
        town = r.choice([five, five, "F-" + five, five]) + " " + city + r.choice(["", "", "", " Cedex", " cedex 2"])
    elif lang == "es":
        line = f"{way}{r.choice([' ', ', ', ', nº ', ', n.º ', ' núm. '])}{n}" + r.choice(["", "", f", {r.randint(1, 9)}º {r.choice('ABCD')}", f", {r.randint(1, 9)}.º {r.choice(['izq.', 'dcha.', 'izda.'])}", f", piso {r.randint(1, 9)}", f", {r.randint(1, 9)}-{r.randint(1, 4)}", ", bajo B", ", portal 3, 2º C", ", esc. A"])
        line = f"Apartado de Correos {r.randint(10, 9999)}" if r.random() < 0.05 else line
        town = r.choice([five, five, five, "CP " + five, "C.P. " + five]) + " " + city
    elif lang == "it":
        line = f"{way}{r.choice([' ', ', ', ' n. ', ', n° '])}{n}{r.choice(['', '', '', '/A', '/b', ' bis', '/' + str(r.randint(1, 20))])}" + r.choice(["", "", "", ", int. 4", ", scala B", ", 3° piano", " - interno 7"])
        town = r.choice([five, five, five, "I-" + five]) + " " + city + r.choice(["", "", f" ({r.choice('MI RM TO NA BO FI VE GE PA BA VR PD BS'.split())})", f" {r.choice(['MI', 'RM', 'TO', 'NA'])}"])
    elif lang == "nl":
        line = f"{way} {n}{r.choice(['', '', '', 'a', 'B', '-II', '-3', ' hs', ' bis', '-' + str(r.randint(1, 40)), ' bus 4'])}"
        line = f"Postbus {r.randint(10, 99999)}" if r.random() < 0.08 else line
        code = f"{r.randint(1000, 9999)}{r.choice([' ', ' ', ''])}{r.choice('ABCDEGHJKLMNPRSTVWXZ')}{r.choice('ABCDEGHJKLMNPRSTVWXZ')}"
        town = r.choice([code, code, code, str(r.randint(1000, 9999)), "B-" + str(r.randint(1000, 9999))]) + " " + city
    else:
        line = f"{way}{r.choice([', ', ', ', ', n.º ', ', nº ', ' ', ', n. '])}{n}" + r.choice(["", "", f", {r.randint(1, 9)}.º {r.choice(['Esq', 'Dto', 'Dt.º', 'Esq.', 'A'])}", f", apto {r.randint(11, 304)}", f" - apto. {r.randint(11, 304)}", f", bloco {r.choice('ABC')}", f", {r.randint(1, 9)}º andar", ", casa 2", ", sala 501", ", R/C Dto"])
        line = f"Caixa Postal {r.randint(10, 9999)}" if r.random() < 0.05 else line
        br = f"{r.randint(10000, 98999)}-{r.randint(0, 999):03}"
        town = r.choice([f"{r.randint(1000, 9899)}-{r.randint(1, 999):03} {city}", f"{city} - {r.choice('SP RJ MG BA PR RS SC CE PE'.split())}, {br}", f"{city}/{r.choice('SP RJ MG BA PR'.split())}, CEP {br}", f"{city}, {br}", f"{br} {city}"])
    return line if r.random() < 0.18 else line + gap + (city if r.random() < 0.12 else town)
