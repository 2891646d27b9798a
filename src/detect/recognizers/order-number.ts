/** A label right before a number that says it counts things and not people. Tested against what precedes. */
export const ORDER_NUMBER_LABEL =
  /(?:order|invoice|ticket|tracking|ref|reference|isbn|issn|serial|sku|timestamp|订单号?|单号|编号|流水号)(?: ?(?:no|number|id|#))?[.:#：="' ]{0,3}$/i;
