"""Made-up names, places and organisations of one language, drawn from faker's lists, Wikipedia's titles and pieces."""
from __future__ import annotations

import random

import european
import names_eu
import names_zh as zh

CITIES_EN = "London Paris Berlin Tokyo Madrid Rome Vienna Prague Dublin Lisbon Oslo Stockholm Copenhagen Helsinki Warsaw Budapest Athens Moscow Istanbul Cairo Nairobi Lagos Accra Johannesburg Mumbai Delhi Bangalore Chennai Kolkata Karachi Dhaka Singapore Bangkok Jakarta Manila Seoul Beijing Shanghai Shenzhen Guangzhou Taipei Osaka Kyoto Sydney Melbourne Brisbane Perth Auckland Toronto Vancouver Montreal Chicago Boston Seattle Houston Dallas Austin Denver Miami Atlanta Phoenix Detroit Portland Philadelphia Baltimore Oakland Pittsburgh Cleveland Munich Hamburg Frankfurt Cologne Stuttgart Leipzig Dresden Zurich Geneva Basel Milan Naples Turin Florence Venice Barcelona Valencia Seville Porto Lyon Marseille Toulouse Nice Bordeaux Brussels Antwerp Ghent Amsterdam Rotterdam Utrecht Manchester Liverpool Leeds Birmingham Glasgow Edinburgh Cardiff Belfast Bristol Oxford Cambridge Dubai Riyadh Doha Tehran Baghdad Beirut Damascus Jerusalem Bogota Lima Santiago Quito Caracas Havana".split() + ["New York", "Los Angeles", "San Francisco", "San Diego", "Las Vegas", "Salt Lake City", "New Orleans", "Hong Kong", "Kuala Lumpur", "Buenos Aires", "Rio de Janeiro", "Sao Paulo", "Mexico City", "Cape Town", "Tel Aviv", "Abu Dhabi", "New Delhi", "St. Louis", "Washington", "Washington, D.C.", "NYC", "LA", "the Bay Area", "Silicon Valley", "Brooklyn", "Manhattan", "Queens", "Soho", "Hyde Park", "Central Park", "Heathrow", "Kansas", "Texas", "California", "Florida", "Ohio", "Bavaria", "Tuscany", "Provence", "Catalonia", "Scotland", "Wales", "England", "UK", "USA", "U.S.", "US", "UAE", "EU", "Europe", "Asia", "Africa", "Mount Everest", "the Alps", "the Thames", "Lake Geneva", "Yorkshire", "Kent", "Bali", "Sicily", "Crete", "Ibiza", "Hawaii"]
ORGS_EN = ["Google", "Microsoft", "Apple", "Amazon", "Facebook", "Meta", "Netflix", "Tesla", "IBM", "Intel", "Oracle", "SAP", "Siemens", "Bosch", "BMW", "Volkswagen", "Toyota", "Sony", "Samsung", "Nokia", "Deutsche Bank", "HSBC", "Barclays", "JPMorgan", "Goldman Sachs", "Morgan Stanley", "Citibank", "Wells Fargo", "Bank of America", "UBS", "PayPal", "Visa", "Stripe", "Uber", "Airbnb", "Spotify", "Twitter", "LinkedIn", "Salesforce", "Adobe", "Nvidia", "AMD", "Cisco", "Dell", "HP", "Accenture", "Deloitte", "KPMG", "PwC", "McKinsey", "Walmart", "Target", "Costco", "IKEA", "Tesco", "Starbucks", "McDonald's", "Coca-Cola", "Nestle", "Unilever", "Pfizer", "Bayer", "Novartis", "Roche", "Harvard University", "Stanford University", "MIT", "Yale", "Oxford University", "University of Cambridge", "University of Michigan", "UCLA", "ETH Zurich", "the United Nations", "NATO", "the World Bank", "WHO", "UNICEF", "the European Commission", "the FBI", "NASA", "the Red Cross", "Greenpeace", "Amnesty International", "the BBC", "CNN", "Reuters", "The New York Times", "Manchester United", "Real Madrid", "FC Bayern", "the Yankees", "the Lakers", "St. Mary's Hospital", "Mayo Clinic", "Johns Hopkins Hospital", "Kaiser Permanente", "Lufthansa", "British Airways", "Delta Air Lines", "FedEx", "DHL", "UPS", "Verizon", "AT&T", "Vodafone", "T-Mobile", "Comcast", "the Department of Justice", "the IRS", "the Supreme Court", "Congress", "Parliament", "Huawei", "Alibaba", "Tencent", "OpenAI", "Slack", "GitHub"]
GROWN_A = "Oak Stone Silver Red Fox Gold Green Ash Elm Iron Clear Bright Fair Moor Wood Brook Wolf Swan Rain Copper Thorn Maple Pine Snow Sun Moon Star Sea Wind River Lake High Long Black White Blue North East West".split()
GROWN_B = "ridge field brook gate bridge ford wood hill dale mere stead well side way light path worth leaf crest point view haven shore grove wick cliff root bell".split()
GROWN_FIELD = "Academy;Primary School;Legal;Care;Foods;Bakery;Studios;Games;Logistics;Dental;Vets;Partners;Housing;Clinic;Press;Brewing;Kitchens;Motors;Insurance;Credit Union;Surgery;Trust;Recruitment;Labs;Hotel;Estate Agents;Theatre;Church;Rovers;Nursery".split(";")
LATIN = {"en": 10, "en_GB": 4, "en_IN": 3, "en_NG": 1, "de": 3, "fr": 3, "es": 3, "es_MX": 2, "it": 2, "nl": 2, "pt_BR": 2, "pt_PT": 1, "pl": 1, "tr": 1, "vi": 1, "sv": 1, "cs_CZ": 1, "id_ID": 1, "ro": 1, "hu": 1, "fi": 1, "da": 1, "nb_NO": 1}
LOCALES = {"de": ["de"], "fr": ["fr"], "es": ["es", "es_MX"], "it": ["it"], "nl": ["nl"], "pt": ["pt_BR", "pt_PT"]}
PINYIN = "ai an ang bai ban bao bei bin bo cai chao chen cheng chun cong da dan dong fang fei feng fu gang guang gui guo hai han hao hong hua hui jia jian jie jin jing jun kai kang lan lei li liang lin ling long lu mei min ming na nan ning peng ping qi qiang qin qing rong rui shan shu shuang si tao ting wei wen xi xia xiang xiao xin xiu xu xue yan yang yi ying yong yu yuan yue yun ze zhen zheng zhi zhong zi".split()
PINYIN_LAST = "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Luo Zheng Liang Xie Song Tang Han Feng Deng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Shen Yao Cui Zhong Tan Fan Jin Shi Liao Xia Bai Zou Meng Xiong Qin Qiu Hou Lei Long Tao Chan Wong Cheung Leung Lau Tsai Hsu".split()
EXTRA_LAST = "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Kim Park Choi Tanaka Suzuki Yamamoto Sato Patel Singh Kumar Sharma Gupta Khan Ahmed Ali Hussain Hassan Ibrahim Mohammed Abdullah Al-Sayed Haddad Cohen Levy Goldberg Schwartz Ivanov Petrov Volkov Kovalenko Novak Horvat Popescu Papadopoulos Okafor Adeyemi Mensah Nkosi Dlamini O'Brien O'Connor O'Sullivan O'Malley McDonald McCarthy MacLeod FitzGerald Müller Schmidt Schneider Fischer Weber Meyer Dubois Moreau Lefèvre Rossi Russo Ferrari Bianchi Silva Santos Oliveira Costa Jansen Bakker Nielsen Hansen Larsen Johansson".split()
EXTRA_FIRST = "James John Robert Michael William David Richard Joseph Thomas Charles Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Maria Anna Emma Olivia Sophia Emily Grace Tom Mike Dave Bob Jim Joe Kate Liz Beth Sue Nick Matt Chris Alex Sam Ben Dan Jack Harry Will Mark Rose Hope Faith May June April Mohammed Ahmed Ali Omar Yusuf Fatima Aisha Layla Raj Priya Amit Anjali Sanjay Deepak Hiroshi Yuki Kenji Sakura Min-jun Ji-woo Ivan Dmitri Olga Svetlana Pierre Jean-Luc Marie Hans Klaus Ingrid Giovanni Luca Chiara José Carlos Sofía Diego Paulo João Kwame Chidi Ngozi Thabo".split()


class Names:
    def __init__(self, lists: dict, seed: int, lang: str = "en"):
        self.r = random.Random(seed)
        self.lang = lang
        self.wiki = lists.get("wiki", {})
        self.given_zh = zh.given_names(self.wiki.get("zh", {}).get("PERSON", []))
        self.home = LOCALES.get(lang, [])
        self.countries = lists.get("interface", {}).get(lang, {}).get("country")
        # Whose surnames are grown from pieces.
        self.tongue = lang if lang in names_eu.SURNAME else "en"
        self.lists = {k: v for k, v in lists.items() if k in LATIN}
        self.locales = list(self.lists)
        self.weights = [LATIN[k] + (60 if k in self.home else 0) for k in self.locales]

    def known(self, lang: str, label: str, chance: float) -> str | None:
        """A name from Wikipedia's titles, as often as asked."""
        names = self.wiki.get(lang, {}).get(label)
        return self.r.choice(names) if names and self.r.random() < chance else None

    def zh_person(self) -> str:
        return self.known("zh", "PERSON", 0.35) or zh.person(self.r, self.given_zh)

    def zh_place(self) -> str:
        return self.known("zh", "LOCATION", 0.2) or zh.place(self.r)

    def zh_org(self) -> str:
        return self.known("zh", "ORGANIZATION", 0.2) or zh.org(self.r)

    def locale(self) -> dict:
        return self.lists[self.r.choices(self.locales, self.weights)[0]]

    def first(self, place: dict | None = None) -> str:
        r = self.r
        if r.random() < 0.04:
            return "".join(r.choice(PINYIN) for _ in range(r.choice([1, 2, 2]))).capitalize()
        if r.random() < (0.45 if self.home else 0.15):
            return names_eu.given(r, self.tongue)
        if r.random() < (0.1 if self.home else 0.25):
            return r.choice(EXTRA_FIRST)
        name = r.choice((place or self.locale())["first"])
        if r.random() < 0.06:
            name += "-" + r.choice((place or self.locale())["first"])
        return name

    def last(self, place: dict | None = None) -> str:
        r = self.r
        if r.random() < 0.05:
            return r.choice(PINYIN_LAST)
        if r.random() < (0.5 if self.home else 0.25):
            return names_eu.surname(r, self.tongue)
        if r.random() < (0.1 if self.home else 0.3):
            return r.choice(EXTRA_LAST)
        name = r.choice((place or self.locale())["last"])
        if r.random() < 0.06:
            name += "-" + r.choice(EXTRA_LAST)
        return name

    def person(self) -> str:
        r, place = self.r, self.locale()
        title = None if self.home else self.known("en", "PERSON", 0.12)
        if title:
            return title
        p = r.random()
        if p < 0.05:
            given = "".join(r.choice(PINYIN) for _ in range(r.choice([1, 2, 2]))).capitalize()
            return f"{r.choice(PINYIN_LAST)} {given}" if r.random() < 0.5 else f"{given} {r.choice(PINYIN_LAST)}"
        first, last = self.first(place), self.last(place)
        if p < 0.72:
            # Spanish and Portuguese names mostly have two surnames.
            second = self.lang in ("es", "pt") and r.random() < 0.45
            return f"{first} {last} {self.last(place)}" if second else f"{first} {last}"
        if p < 0.80:
            return f"{first} {r.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
        if p < 0.84:
            return f"{r.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
        if p < 0.86:
            return f"{r.choice('ABCDEFGHJ')}.{r.choice('ABCDEFGHJ')}. {last}"
        if p < 0.89:
            return f"{first} {self.first(place)} {last}"
        if p < 0.92:
            return f"{first} {r.choice(['van der', 'de', 'von', 'de la', 'Van', 'Di', 'bin', 'al-', 'Mac'])} {last}".replace("al- ", "al-")
        if p < 0.94:
            return f"{first} {last.upper()}"
        return first if p < 0.98 else f"{first} {last} {r.choice(['Jr.', 'III', 'Sr.', 'II'])}"

    def initials(self) -> str:
        """A name with initials for given names."""
        r = self.r
        letters = [r.choice("ABCDEFGHIJKLMNOPRSTUVWYZ") for _ in range(r.choice([1, 1, 1, 2, 2]))]
        p = r.random()
        if p < 0.1:
            return f"{self.last()}, {letters[0]}."
        if p < 0.16:
            return f"{self.last()} {letters[0]}."
        if p < 0.25:
            return f"{self.first()} {letters[0]}."
        if p < 0.3:
            return f"{letters[0]} {self.last()}"
        return r.choice([" ", ""]).join(f"{one}." for one in letters) + f" {self.last()}"

    def foreign(self) -> str:
        """Somebody from elsewhere than the text."""
        r = self.r
        p = r.random()
        if p < 0.15:
            family, given = r.choice(PINYIN_LAST), "".join(r.choice(PINYIN) for _ in range(r.choice([1, 2, 2]))).capitalize()
            return r.choice([f"{family} {given}", f"{given} {family}"])
        if p < 0.5:
            return names_eu.elsewhere(r)
        place = self.lists[r.choice(self.locales)]
        return f"{r.choice(place['first'])} {r.choice(place['last'])}"

    def city(self) -> str:
        r = self.r
        title = None if self.home else self.known("en", "LOCATION", 0.2)
        if title:
            return title
        if self.lang in european.CITIES and r.random() < 0.55:
            return r.choice(european.CITIES[self.lang])
        p = r.random() if not self.home else r.uniform(0.35, 0.95)
        if p < 0.45:
            return r.choice(CITIES_EN)
        place = self.locale()
        if p < 0.72:
            return r.choice(place["city"])
        if p < 0.86:
            return r.choice(self.countries or (place["country"] if self.home else self.lists["en"]["country"]))
        return r.choice(place["state"] or CITIES_EN) if p < 0.95 else f"{r.choice(place['city'])}, {r.choice(self.lists['en']['state'])}"

    def org(self) -> str:
        r = self.r
        title = None if self.home else self.known("en", "ORGANIZATION", 0.1)
        if title:
            return title
        if self.lang in european.ORGS and r.random() < 0.75:
            place = self.locale()
            return european.org(r, self.lang, self.last(place), r.choice(european.CITIES[self.lang][:40] if r.random() < 0.6 else place["city"]))
        p = r.random()
        if p < 0.40:
            return r.choice(ORGS_EN)
        if p < 0.62:
            return r.choice(self.locale()["company"])
        last, city = r.choice(EXTRA_LAST), r.choice(CITIES_EN[:130])
        if p < 0.72:
            # Two plain words grown together, and a field: "Oakridge Partners".
            return r.choice(GROWN_A) + r.choice(GROWN_B) + r.choice(["", "", " " + r.choice(GROWN_FIELD)])
        word = r.choice("Global Blue Silver Northern Pacific Summit Apex Nova Quantum Green Bright United First National Royal Atlas Vertex Harbor Pioneer Evergreen Crystal Iron Star Cloud Data".split())
        field = r.choice("Bank Insurance Logistics Pharmaceuticals Systems Technologies Solutions Consulting Foods Energy Airlines Media Software Capital Partners Motors Labs Robotics Health Analytics Holdings Foundation".split())
        tail = r.choice(["Inc.", "Inc", "Ltd", "Ltd.", "LLC", "GmbH", "Corp.", "Corporation", "plc", "AG", "S.A.", "Group", "& Co", "", "", "", ""])
        return r.choice([f"{word} {field} {tail}", f"{last} {field} {tail}", f"{last} & {r.choice(EXTRA_LAST)} {tail}", f"University of {city}", f"{city} University", f"{city} General Hospital", f"St. {r.choice(EXTRA_FIRST)} Hospital", f"{city} Police Department", f"{city} High School", f"{city} City Council", f"Bank of {city}", f"{city} FC", f"Ministry of {r.choice(['Health', 'Finance', 'Defence', 'Education'])}", f"{word}{field.lower()}", f"{word}{field}"]).strip()

    def address(self) -> str:
        r, place = self.r, self.locale()
        if self.home and r.random() < 0.8:
            town = r.choice(european.CITIES[self.lang][:40] if r.random() < 0.5 else place["city"])
            return names_eu.address(r, self.lang, town)
        street = r.choice(place["street"])
        number = r.randint(1, 9999 if r.random() < 0.3 else 199)
        en = r.random() < (0.0 if self.home else 0.6)
        if en:
            street = r.choice(self.lists["en"]["street"]) if r.random() < 0.6 else f"{r.choice(['Main', 'Oak', 'Maple', 'Park', 'High', 'Elm', 'King', 'Church', 'Station', 'Mill', 'Cedar', '5th', '42nd', 'Lake', 'Hill', r.choice(EXTRA_LAST)])} {r.choice(['Street', 'St', 'St.', 'Ave', 'Avenue', 'Road', 'Rd', 'Lane', 'Drive', 'Blvd', 'Court', 'Way'])}"
            flat = r.choice(["", "", "", f", Apt {r.randint(1, 99)}", f" #{r.randint(1, 99)}", f", Suite {r.randint(100, 900)}"])
            return f"{number} {street}{flat}" + r.choice(["", f", {r.choice(CITIES_EN[:130])}", f", {r.choice(self.lists['en']['city'])}, {r.choice(['CA', 'NY', 'TX', 'IL', 'MA', 'WA', 'FL', 'OH', 'PA', 'NJ'])} {r.randint(10000, 99950)}", f", {r.choice(CITIES_EN[:130])} {r.choice(['SW1A 1AA', 'EC1V 9LB', 'M1 2AB', '10115', '75001'])}"])
        return r.choice([f"{street} {number}", f"{street} {number}, {r.choice(place['zip'] or ['1000'])} {r.choice(place['city'])}", f"{number} {street}, {r.choice(place['city'])}"])
