const NUMBER = '(?: ?(?:no|nr|num|number|numéro|número|numero|nummer|id|code|#|n[º°o]))?';
/** Words for what is ordered, billed, sent and built, in the languages served. */
const THINGS = [
  'order|invoice|ticket|tracking|ref|reference|isbn|issn|ean|upc|serial|sku|timestamp|batch|lot|part|item|article|parcel|shipment|product|barcode|build',
  'commande|facture|série|suivi|lot|référence|réf|article|pièce|produit|colis|modèle|bon de livraison|code-barres|catalogue',
  'pedido|factura|serie|seguimiento|lote|referencia|artículo|pieza|producto|paquete|modelo|albarán|incidencia',
  'ordine|fattura|tracciamento|lotto|riferimento|rif|articolo|pezzo|prodotto|pacco|modello|bolla|protocollo',
  'encomenda|fatura|rastreio|rastreamento|referência|artigo|peça|produto|pacote|protocolo|nota fiscal',
].join('|');
/** In German and Dutch the number is part of the word. */
const COMPOUNDS =
  '(?:bestell|auftrags|rechnungs|artikel|serien|sendungs|vorgangs|chargen|teile|material|produkt|modell|beleg|referenz|ticket|lieferschein|order|factuur|serie|partij|referentie|onderdeel|product|zendings|model)-?(?:nummer|nr|code|id)';

/** A label right before a number that says it counts things and not people. Tested against what precedes. */
export const ORDER_NUMBER_LABEL = new RegExp(
  `(?:(?<!\\p{L})(?:${THINGS}|${COMPOUNDS})|订单号?|单号|编号|流水号)${NUMBER}[.:#：="' ]{0,3}$`,
  'iu',
);
