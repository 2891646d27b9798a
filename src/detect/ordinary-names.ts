/**
 * Parts of names that are ordinary words, places or titles as well. Alone they are not taken for the person, however
 * often the full name occurs.
 */
export const ORDINARY_NAMES: ReadonlySet<string> = new Set(
  (
    'Abbey Africa Alba Amber America Angel Apple April Art Asia Ash Aspen August Aurora Austin Autumn Bailey Baker Ball ' +
    'Banks Bank Bar Barber Barn Bay Bear Bell Berg Best Bill Bird Bishop Black Blue Bob Bond Book Booth Boston Bow ' +
    'Brand Brazil Bridge Bridges Brook Brooks Brown Buck Burn Bush Butler Butter Camp Carol Carpenter Carter Case Cash ' +
    'Castle Chance Charity Charlotte Chase Chelsea Cherry Chester China Christian Church City Clay Clerk Cliff Cole ' +
    'Coast Colt Constance Cook Cooper Coral Count County Cox Craft Crane Cross Crown Cruz Crystal Dale Dallas Daisy Dan ' +
    'Dawn Day Dean Dear Del Der Destiny Dick Diamond Doctor Dos Don Dove Drake Drew Duke Dutch Earl East Eden Ember ' +
    'England English Ernest Faith Farmer Felicity Field Fields Fisher Florence Flower Flowers Ford Forest Foster Fox ' +
    'France Francis Frank Freedom French Friday Frost Game Garden Garner Gay Gene General Genesis George Georgia German ' +
    'Germany Ginger Glen Gold Golden Good Grace Grant Gray Green Grey Grove Guy Hall Harbor Harmony Harry Hart Haven ' +
    'Hawk Hazel Heath Heather Heaven Hill Hills Holiday Holland Holly Holmes Honor Hope House Houston Hunt Hunter India ' +
    'Iris Israel Ivory Ivy Jack Jackson Jade Jasmine Jasper Jean Jersey Jewel Job John Jordan Joy Judge June Justice ' +
    'Kay Kent King Kings Knight Lake Lamb Lance Land Lane Lark Laurel Law Lee Legend Li Lily Lincoln Link Lion Little ' +
    'Lodge London Long Lord Los Love Low Lucky Madison Major Man Mark Mark Market Marsh Martin Mason Max May Mercy ' +
    'Merit Miles Mill Miller Mills Milan Mister Mo Monday Moon Moore Morning Moss Mountain Myrtle New Noble North Nova ' +
    'Oak Ocean Olive Opal Orlando Pace Page Paige Palm Paris Park Parker Parks Pat Patience Pearl Penny Peace Perry ' +
    'Petal Phoenix Pierce Pike Piper Place Pole Pond Pool Poole Pope Poppy Porter Post Potter Power Powers President ' +
    'Price Prince Princess Professor Queen Rain Ray Reason Red Reed Reef Reverend Rice Rich Ring River Rivers Road ' +
    'Rob Robin Rock Rod Rose Rosemary Ruby Rush Russia Sage Sailor Saint Sales Sally Sam San Sandy Santa Saturday ' +
    'Savage Savannah Scott Sea Senator Serenity Shane Sharp Shepherd Sheriff Short Sierra Silver Singer Sir Sister ' +
    'Skinner Sky Slater Small Snow Sol Son South Spain Speaker Spencer Spring Star Steel Stern Stone Storm Street ' +
    'Strong Sue Summer Summers Sun Sunday Sunny Sweet Swift Sydney Tab Tailor Tanner Tax Taylor Teacher Temple Terrace ' +
    'Texas The Thomas Thursday Tiger Time Tom Tower Town Trinity True Tucker Tuesday Turner Turkey Van Vale Vera ' +
    'Victor Victoria Violet Virginia Von Wade Wales Walker Wall Wang Ward Washington Water Waters Way Weaver Webb Web ' +
    'Wednesday Wells West Wheeler White Wild Will Willow Winds Winter Winters Wise Wolf Wong Wood Woods Word Wright ' +
    'York Young Zen'
  ).split(' '),
);
