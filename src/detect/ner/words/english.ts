/** English words that are nobody’s name, in lower case: what prompts are about, and what their sentences begin with. */
export const ENGLISH_WORDS =
  'write rewrite translate correct summarise summarize explain list compare calculate describe propose ' +
  'prepare create generate give tell make help find search sort convert add remove answer compose use ' +
  'verify check indicate suggest draft how what when where why which who whose invoice payout refund ' +
  'backlog sprint heading paragraph bullet bullets summary outline conclusion template example question ' +
  'solution error warning printer laptop keyboard router cable battery folder file database server ' +
  'network password driver function method class variable loop library package module script code ' +
  'exception browser website button menu window icon font colour color background recipe flour sugar ' +
  'salt nutmeg cinnamon yeast dough butter milk cream cheese yoghurt egg eggs meat vegetable fruit ' +
  'salad tomato cucumber onion garlic potato carrot asparagus cabbage spinach beans lentils peas ' +
  'noodles bread cake cookie soup sauce broth stew breakfast lunch dinner dessert oven stove fridge ' +
  'dishwasher ladder helmet glove goggles brush paint repair maintenance cleaning appliance washer ' +
  'dryer vacuum hose filter engine brake tyre tire bicycle train flight airport ticket suitcase ' +
  'backpack passport visa fertiliser fertilizer compost nettle greenhouse harvest chestnut thunder ' +
  'seagull lighthouse';
