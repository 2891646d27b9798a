"""Words for text without names: things written with capitals that are no person, place or
organisation, identifiers, and Chinese words that begin like a surname. Slots of the frames
in templates/*-plain.txt."""
from __future__ import annotations

import random

TECH = "Python Java JavaScript TypeScript Rust Kotlin Swift Ruby Perl Scala Haskell Erlang Fortran COBOL MATLAB Docker Kubernetes Terraform Ansible Jenkins Grafana Prometheus Kafka Redis Postgres PostgreSQL MySQL SQLite MongoDB Cassandra Elasticsearch Hadoop Spark Airflow Pandas NumPy TensorFlow PyTorch Keras React Angular Vue Svelte Django Flask Rails Laravel Spring Hibernate Express Node Deno Bash PowerShell Linux Ubuntu Debian Fedora macOS Windows Android iOS GraphQL REST JSON YAML XML HTML CSS Sass LaTeX Markdown Git SSH TLS OAuth SAML HTTP DNS DHCP TCP UDP IPv6 USB HDMI Bluetooth Wi-Fi GPS SQL NoSQL Vim Emacs Gradle Maven Webpack Babel ESLint Selenium Cypress JUnit Jupyter Hive Flink Nginx Apache Tomcat Unity Blender Arduino Cucumber Julia Dart Ada Pascal Lua Elm Go C++ C# R BERT GPT LSTM CNN LLM RAG".split()
PRODUCT = "Excel;Word;PowerPoint;Outlook;Photoshop;Illustrator;Premiere;Acrobat;Gmail;Chrome;Firefox;Safari;Edge;Siri;Alexa;Cortana;Kindle;iPad;MacBook Pro;Galaxy S23;Pixel 8;PlayStation 5;Xbox;Nintendo Switch;Roomba;Corolla;Civic;Model 3;Mustang;Golf;Prius;Beetle;Tylenol;Advil;Aspirin;Xanax;Prozac;Lipitor;Botox;Nutella;Oreo;Sprite;Fanta;Lego;Barbie;Monopoly;Scrabble;Tetris;Fortnite;Roblox;Zelda;Pokemon;Jira;Confluence;Trello;Notion;Figma;Tableau;Power BI;QuickBooks;Zoom;Teams;Jetpack;Sonos One;Eames chair;Moleskine;Velcro;Tupperware;Post-it;Sharpie;Rubik's cube".split(";")
COLUMN = "FirstName LastName FullName MiddleName CustomerName CustomerID OrderDate ShipCity ShipCountry StreetAddress PostalCode EmployeeID ManagerID DepartmentName ProductName UnitPrice Quantity Email PhoneNumber CompanyName BirthDate HireDate Salary Gender CreatedAt UpdatedAt first_name last_name user_name city_name country_code company_name date_of_birth street_address order_total customer_id is_active".split()
TABLE = "Customers Orders Employees Products Invoices Suppliers Departments Students Courses Patients Accounts Payments Users Sessions Authors Books Cities Countries Companies".split()
TYPE = "varchar(255) VARCHAR(50) int INT NOT NULL text TEXT boolean BOOLEAN date DATE timestamp decimal(10,2) char(2) nvarchar(100) bigint float double String Integer List Map Optional Dict Tuple".split(" ")
CLASS = "UserService OrderController PaymentGateway Animal Vehicle Shape BankAccount Employee Person Customer Node LinkedList BinaryTree HashMap StringBuilder EventEmitter HttpClient Logger Parser Tokenizer Repository Factory Singleton Observer Matrix Vector Player Inventory Circle Rectangle Dog Cat Car Student Teacher".split()
VAR = "userName firstName lastName total count index result items maxValue currentUser orderId cityList temp buffer handler config response payload node left right head tail sum avg res arr lst foo bar baz".split()
ROLE = "Customer;Manager;Hiring Manager;Employer;Recruiter;Team;Sir;Madam;Professor;Landlord;Tenant;Seller;Buyer;Reader;Neighbor;Colleague;Mom;Dad;Coach;Doctor;Nurse;Teacher;Principal;Director;Editor;Officer;Your Honor;Valued Client;Subscriber;Candidate;Parents;Students;Committee Members".split(";")
HEAD = "Introduction;Background;Related Work;Methods;Results;Discussion;Conclusion;Abstract;References;Ingredients;Directions;Instructions;Summary;Education;Experience;Skills;Objective;Work History;Certifications;Hobbies;Input;Output;Example;Examples;Note;Hint;Question;Answer;Context;Task;Text;Sentence;Title;Subject;Topic;Category;Genre;Rating;Review;Pros;Cons;Price;Size;Color;Status;Priority;Deadline;Notes;Premise;Hypothesis;Verse 1;Chorus;Bridge;Chapter 1;Part Two;Step 3;Table 2;Figure 4;Section B;Appendix A;Option C;Exercise;Tweet;Caption;Slogan;Headline;Prompt;Theme;Mood;Tone;Intent;Entity;Label;Positive;Negative;Neutral;True;False;Yes;No;Easy;Medium;Hard;Male;Female;Other;Breakfast;Lunch;Dinner".split(";")
FOOD = "Caesar salad;Greek yogurt;French fries;Swiss cheese;Dijon mustard;Worcestershire sauce;Brussels sprouts;Basmati rice;Parmesan;Cheddar;Mozzarella;Basil;Rosemary;Ginger;Olive Oil;Baking Soda;Earl Grey;Margarita;Bloody Mary;Eggs Benedict;Beef Wellington;Chicken Alfredo;Pad Thai;Tiramisu;Bolognese;Kung Pao Chicken;Granny Smith apples;Shirley Temple;Cheesecake;Chardonnay;Merlot;Bourbon;Champagne;Bordeaux blend;Cajun seasoning;Peking duck;Turkey sandwich;Turkish coffee;Danish pastry;Irish stew".split(";")
IDEA = "Bayes' theorem;Occam's razor;Moore's law;Pascal's triangle;the Turing test;Schrödinger's cat;Ohm's law;the Monty Hall problem;Stockholm syndrome;the Doppler effect;Pavlovian conditioning;Gaussian elimination;the Fibonacci sequence;Dijkstra's algorithm;Alzheimer's disease;the Richter scale;the Oedipus complex;Maslow's hierarchy of needs;the Geneva Convention;Newtonian mechanics;Euclidean distance;a Poisson process;Markov chains;the Fourier transform;the Big Bang;the Renaissance;the Industrial Revolution;the Cold War;Romanticism;Impressionism;Buddhism;Stoicism;Marxism;Keynesian economics;Darwinian evolution;GDPR;HIPAA;Agile;Scrum;Six Sigma;SWOT analysis;Lean;Kanban;Zipf's law;the Pareto principle;Murphy's law;the Hippocratic oath;Down syndrome;Parkinson's disease;Hodgkin lymphoma;Boolean logic;Cartesian coordinates;Victorian literature;Shakespearean sonnets;Freudian slips".split(";")
CULTURE = "English French German Spanish Italian Portuguese Dutch Chinese Japanese Korean Hindi Arabic Russian Turkish Polish Greek Latin Swedish American British Mexican Indian Thai Christian Muslim Jewish Buddhist Hindu Catholic European Asian African Victorian".split()
DAY = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December Christmas Easter Halloween Thanksgiving Ramadan Diwali Hanukkah Valentine's_Day Mother's_Day Black_Friday Labor_Day New_Year's_Eve".split()
WORD = "appreciate happy difficult courage success garden river holiday kitchen budget weather freedom memory coffee guitar marathon recipe teamwork deadline meeting salary climate nutrition sleep friendship honesty puzzle library bicycle sunset camera strategy customer product feedback interview mentor essay paragraph sentence headline poem story song speech toast letter email invitation apology resume schedule plan list table chart report summary outline".split()
NAMEISH = "Will Mark Rose Hope Grace Faith Joy May June April August Summer Autumn Dawn Bill Frank Jack Rob Sue Pat Drew Chase Hunter Mason Cooper Carter Page Paige Ruby Pearl Amber Ivy Olive Daisy Lily Violet Iris Basil Sage Jade Crystal Sandy Rusty Dusty Sunny Rich Art Gene Ray Cliff Dale Glen Heath Forest Brook River Lane Miles Price Stone Woods Fields Banks Hill Bush Rice Berry Cook Baker Miller Smith Carpenter Potter Fisher Shepherd King Prince Bishop Pope Knight Young Small Long Short Strong Wise Good Best Sharp Swift Savage Moody Grant Chance Major Guy".split()

TITLE_A = "Silent Hidden Broken Golden Last First Lost Secret Endless Crimson Frozen Burning Little Great Blue Wild Dark Modern Practical Complete Digital Ancient Simple Urban Quiet Perfect Final Brave Deep Lonely".split()
TITLE_N = "Garden Winter River Kingdom Mirror Storm Letters Promise Shadow Journey Harvest Machine City Night Island Road Dream Guide Handbook Introduction History Theory Manual Cookbook Stars Forest House Ocean Mountain Daughter Dragon Summer Game Thrones Rings Wars".split()

POOLS = {
    "TECH": TECH, "PRODUCT": PRODUCT, "COL": COLUMN, "TABLE": TABLE, "TYPE": TYPE, "CLS": CLASS, "VAR": VAR, "ROLE": ROLE, "HEAD": HEAD, "FOOD": FOOD, "IDEA": IDEA,
    "CULT": CULTURE, "DAY": [d.replace("_", " ") for d in DAY], "W": WORD, "NI": NAMEISH,
    "ZN": "白菜 孔雀 包子 钱包 石头 牛奶 羊肉 熊猫 程序 计划 卫生 范围 马路 方法 费用 雷达 贺卡 汤圆 毕业照 皮肤 米饭 毛巾 茅草 项链 季节 江湖 童年 钟表 丘陵 骆驼 胡椒 管道 房间 丁香 洪水 包装 石油 陆地 龙头 花朵 车票 路线 古董 牛排 杨树 柳树 梅花 程度 元素 单车 常识 安检 时间 水果 金子 王子 孙子 李子 黄瓜 高铁 高考 白酒 白领 温泉 夏天 江水 蓝莓 马桶 熊孩子 毛衣 华语歌 云朵 雪糕 麻辣烫 包裹 文件 文章 段子 武侠片 焦糖 冷饮 双肩包 谷歌翻译 蒲公英 苗圃 苏打水 宋词 唐诗 元曲 汉服 秦腔 燕窝 齐刘海 楚辞 魏碑 吴语 蜀锦 阳台 闹钟 简历 古筝 关节 储蓄卡 向日葵 屋顶 游戏 班车 宫斗剧 桑叶 池塘 幸福感 边框 查询按钮 连衣裙 仰卧起坐 商品 年糕 海报 晋级赛".split(),
    "ZA": "高兴 方便 安静 平常 成功 安全 干净 舒服 庞大 强大 危险 严重 易懂 陈旧 廉价 温暖 华丽 明白 苗条 单纯 古怪 麻烦 胡闹 盛大 焦虑 文静 凌乱 尴尬 幸福 冷淡 高级 平静 乐观 宽松 和气 尚可 庄重 简单 沙哑 荒凉 红火 金黄 黄黄的 白白的 蓝蓝的 常见 安稳 康复了 毛躁 牛气 凶猛 暴躁".split(),
    "ZT": "马上 白天 于是 任何时候 何时 常常 应该 后来 关于 万一 许多 尤其 向来 连续 全部 凌晨 元旦 周末 周一 夏季 明年 明天 平时 时常 经常 从来 尽管 终于 易于 谢谢 左边 高速上 路上 张开嘴 单独 诸如 成天 都是 甚至 党团活动 年后 宁可 封面上 全都 和着 米粒大小 计较 解释起来 应当 尽快 史上 顾不上 干脆 别说 习惯了 凡是 相当 双十一 阴天 晏起 胡乱 莫非 柴米油盐 阎王爷 温水里 冷不丁 舒舒服服 祝大家 慕名 冀望 那时候 饶是 曾经 沙发上 越来越 过年".split(),
    "ZJ": "程序员 包工头 牛人 高手 高三党 金融狗 单身狗 宅男 段子手 路人 老师 老板 房东 班主任 学姐 小哥 阿姨 大叔 宝宝 小公主 小可爱 亲 楼主 博主 童鞋 土豪 白富美 高富帅 女神 男神 国王 祖宗 胡子大叔 后妈 管家 司机 班长 经理 祭司 孙女 客服 诸位".split(),
}


TITLE_ZH = "春天 夜色 归途 远方 长河 旧事 星空 雨季 孤岛 灯火 山海 故乡 白昼 迷雾 光阴 边城 少年 秋声 无尽 沉默 花园 风暴 入门 简史 指南 漫谈".split()


def title(r: random.Random) -> str:
    """A made-up title of a book, film or song."""
    a, n, m = r.choice(TITLE_A), r.choice(TITLE_N), r.choice(TITLE_N)
    return r.choice([f"The {a} {n}", f"{a} {n}", f"The {n} of {m}", f"{n} and {m}", f"A {a} {n}", f"{a} {n}: The {n} of the {m}", f"An {n} to {r.choice(TECH)}", f"The {n}"])


def value(r: random.Random, kind: str) -> str | None:
    """A filling for a slot of ours; None for another's slot."""
    if kind == "TITLE":
        return title(r)
    if kind == "TZ":
        return "".join(r.choice(TITLE_ZH) for _ in range(r.choice([2, 2, 3])))
    if kind in ("N", "Q"):
        return str(r.choice([r.randint(1, 12), r.randint(10, 100), r.randint(100, 5000)]))
    if kind == "CAPW":
        return r.choice(WORD).capitalize()
    return r.choice(POOLS[kind]) if kind in POOLS else None
