/** French words that are nobody’s name, in lower case: what prompts are about, and what their sentences begin with. */
export const FRENCH_WORDS =
  'écris rédige réécris traduis corrige résume explique calcule décris prépare crée génère donne donnez ' +
  'dis fais faites aide trouve cherche trie convertis ajoute enlève réponds suppose utilise vérifie ' +
  'indique suggère comment quoi quand où pourquoi quel quelle quels quelles qui combien que tu nous ' +
  'vous ils elles on lui leur son notre votre ma tes ses ce cet cette ces chaque tous toutes plusieurs ' +
  "certains aucun rien quelque quelqu'un et ou mais car parce si comme lorsque pendant avant après " +
  'jusque pour avec sans contre entre dans sur sous chez ne seulement aussi encore déjà toujours jamais ' +
  "souvent aujourd'hui demain maintenant puis ensuite ici là dessus dessous dedans dehors très peu " +
  'assez environ mieux oui non peut-être malheureusement enfin bonjour merci salut paragraphe texte mot ' +
  'mots phrase titre chapitre ligne colonne colonnes tableau cellule valeur nombre chiffre ' +
  'chiffres somme montant quantité taille hauteur largeur longueur poids durée temps heure date jour ' +
  'semaine mois année trimestre fête férié vacances délai échéance début fin étape partie point points ' +
  'résumé introduction exemple modèle brouillon proposition idée réponse problème erreur cause raison ' +
  'effet but tâche thème contenu forme style langue terme sens définition synonyme synonymes poème rime ' +
  'quatrain histoire blague devinette citation courriel lettre message objet pièce jointe compte rendu ' +
  'ordre réunion rencontre conférence invitation refus demande devis commande livraison facture relance ' +
  'paiement achat remise prix coût frais taxe impôt recette perte bilan banque virement prêt crédit ' +
  'intérêt loyer caution bail contrat résiliation préavis clause loi jugement tribunal cautionnement ' +
  'vente procuration signature assurance attestation sinistre réclamation échange entreprise société ' +
  'service bureau travail annonce candidature offre emploi salaire entretien collègue responsable ' +
  'employé client fournisseur associé équipe projet stratégie statistique graphique présentation ' +
  'formation comptable plombier bailleur locataire voisin grand-mère grand-père mère père parents ' +
  'enfant enfants élève professeur étudiant invité lecteur utilisateur missions clôture rapprochement ' +
  'déclaration badges badge stationnement accueil perspectives divers animation confirmation ' +
  'autorisation inscription remarque avis attention ordinateur portable écran moniteur clavier souris ' +
  'imprimante caméra téléphone câble mémoire disque fichier répertoire base serveur réseau passe ' +
  'programme application logiciel pilote fonction méthode classe boucle expression rationnelle ' +
  'bibliothèque paquet navigateur site bouton fenêtre icône couleur fond espace espaces pare-feu ' +
  'cuisine ingrédient ingrédients farine sucre sel poivre muscade cannelle pâte beurre huile lait crème ' +
  'fromage yaourt œuf œufs viande légume légumes salade tomates concombre poivron oignon ail carotte ' +
  'courgette courgettes épinards haricots lentilles riz pâtes gâteau biscuit soupe ragoût gratin ' +
  'petit-déjeuner déjeuner dîner boisson eau jus café thé bière cidre raclette brioche casserole poêle ' +
  'bol couteau fourchette cuillère pincée plaque réfrigérateur lave-vaisselle bac appartement maison ' +
  'chambre salle balcon jardin cave toit porte escalier mur meuble armoire étagère chaise canapé lit ' +
  'matelas tapis rideau chauffage chaudière pompe chaleur courant gaz isolation déménagement carton ' +
  'cartons ruban adhésif relevé compteur compteurs adresse clé clés outil outils cheville chevilles ' +
  'équerre équerres perceuse échelle casque gant gants lunettes pinceau peinture réparation nettoyage ' +
  'appareil lave-linge aspirateur tuyau filtre moteur frein pneu voiture fourgonnette vélo avion ' +
  'aéroport gare arrêt parking billet valise sac dos voyage passeport hôtel plage montagne location ' +
  'kilométrage atelier engrais ortie purin serre plante arbre pelouse graine graines récolte automne ' +
  'brouillard châtaigne pluie nuage orage bougie feu fumée air animal chien chat vache cochon poule ' +
  'oiseau insecte abeille mouette mouettes phare écume silence médecin maladie symptôme douleur fièvre ' +
  'toux rhume médicament comprimé pommade vaccin tension diagnostic thérapie traitement opération ' +
  'hôpital régime mouvement sommeil entraînement exercice pectoraux jambes jambe bras épaule épaules ' +
  'ventre muscle étirements école cours contrôle devoirs exposé rédaction mathématiques physique chimie ' +
  'géographie musique équation théorème preuve énergie force puissance résistance température ' +
  'vitesse atome molécule photosynthèse oxygène chloroplastes article produit fiche désignation toile ' +
  'tissu cuir métal plastique verre bretelles rembourrées poche coloris imperméable solide confortable ' +
  'léger lourd nouveau vieux mauvais rapide lent cher facile difficile large étroit mouillé propre ' +
  'cuire pétrir mélanger couper éplucher reposer guide manuel règles règle sécurité premiers bases';
